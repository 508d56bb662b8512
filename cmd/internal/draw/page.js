"use strict";
{
  const rows = [...document.querySelectorAll("#story tbody tr")];
  const $ = (id) => document.getElementById(id);
  const slider = $("slider"), svg = document.querySelector("#picture svg");
  const veil = document.createElementNS(svg.namespaceURI, "rect");
  veil.setAttribute("class", "veil");
  svg.insertBefore(veil, svg.querySelector("#e" + rows[0].dataset.e));
  const box = svg.viewBox.baseVal, legend = svg.lastElementChild;
  const before = +document.body.dataset.before, of = document.body.dataset.of; // events before the part that is told, and in all
  let at = -1;

  // show scrolls an event to where nothing covers it.
  const show = (mark) => {
    const figure = $("picture"), panel = $("now").getBoundingClientRect();
    const row = mark.getBoundingClientRect(), free = panel.left < 20 ? panel.top : innerHeight;
    if (row.top < 0 || row.bottom > free) scrollBy(0, row.top - free / 2);
    const what = mark.querySelector(".l, circle")?.getBoundingClientRect();
    if (what) figure.scrollLeft += what.left - figure.getBoundingClientRect().left - figure.clientWidth / 2;
  };

  const go = (i, scroll = true) => {
    at = Math.max(-1, Math.min(rows.length - 1, i));
    const row = rows[at], event = row ? +row.dataset.e : before;
    for (const e of document.querySelectorAll(".now")) e.classList.remove("now");
    rows.forEach((r, k) => {
      r.classList.toggle("future", k > at);
      $("e" + r.dataset.e)?.classList.toggle("future", k > at);
    });
    slider.value = at;
    const mark = $("e" + event);
    const first = $("e" + rows[0].dataset.e).querySelector("rect");
    const y = mark ? +mark.querySelector("rect").getAttribute("y") + +mark.querySelector("rect").getAttribute("height") : +first.getAttribute("y");
    veil.setAttribute("x", 0);
    veil.setAttribute("y", y);
    veil.setAttribute("width", box.width);
    veil.setAttribute("height", at === rows.length - 1 ? 0 : Math.max(0, box.height - y - 30));
    if (row) {
      row.classList.add("now");
      mark?.classList.add("now");
      $("m" + event)?.classList.add("now");
    }
    $("where").textContent = row || before ? `event ${event} of ${of}${row ? "" : ", before this part"}` : "nothing has happened yet";
    $("said").replaceChildren();
    if (row) {
      for (const cell of [row.cells[2], row.cells[3]]) {
        for (const node of cell.cloneNode(true).childNodes) $("said").append(node.cloneNode(true));
        $("said").append(" ");
      }
      if (scroll && mark) show(mark);
    }
    const stored = {};
    for (const r of rows.slice(0, at + 1)) stored[r.dataset.i] = r.dataset.s;
    for (const tr of document.querySelectorAll("#status tbody tr")) {
      const [promised, id, ...holder] = (stored[tr.dataset.i] ?? tr.dataset.s).split("|"); // a name may have a | itself
      [promised, id, holder.join("|")].forEach((text, k) => { tr.cells[k + 1].textContent = text; });
    }
    for (const li of document.querySelectorAll("#verdicts li")) {
      const broken = +li.dataset.e > 0 && +li.dataset.e <= event;
      li.classList.toggle("bad", broken);
      li.firstElementChild.textContent = broken ? "✗" : li.dataset.unbroken;
    }
  };

  const next = (kind, step) => {
    for (let i = at + step; i >= 0 && i < rows.length; i += step) {
      if (rows[i].dataset.k.split(" ").includes(kind)) return go(i);
    }
    if (kind === "violation") { // once more from the first
      const i = rows.findIndex((r) => r.dataset.k.includes(kind));
      if (i >= 0) go(i);
    }
  };
  const keys = {
    " ": () => go(at + 1), ArrowRight: () => go(at + 1), n: () => go(at + 1), ArrowLeft: () => go(at - 1), p: () => go(at - 1),
    PageDown: () => go(at + 10), PageUp: () => go(at - 10), g: () => go(-1), Home: () => go(-1), G: () => go(rows.length - 1), End: () => go(rows.length - 1),
    N: () => next("round", 1), P: () => next("round", -1), m: () => next("majority", 1), M: () => next("majority", -1),
    R: () => next("refusal", 1), v: () => next("violation", 1),
    h: () => { document.body.classList.toggle("hiding"); go(at); },
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.key === " " && e.target.tagName === "BUTTON" || !keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  for (const b of document.querySelectorAll("#buttons button")) b.addEventListener("click", () => keys[b.dataset.key]());
  slider.min = -1;
  slider.max = rows.length - 1;
  slider.addEventListener("input", () => go(+slider.value));
  document.addEventListener("click", (e) => {
    const id = e.target.closest("a")?.hash || "#" + (e.target.closest("svg g[id]")?.id || "");
    const i = rows.findIndex((r) => "#s" + r.dataset.e === id || "#e" + r.dataset.e === id);
    if (i < 0) return;
    if (e.target.closest("a")) e.preventDefault();
    go(i);
  });
  $("now").hidden = false;
  const start = rows.findIndex((r) => r.dataset.e === document.body.dataset.at || "#s" + r.dataset.e === location.hash);
  go(start >= 0 ? start : rows.length - 1, start >= 0);
}
