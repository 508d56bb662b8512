//go:build js && wasm

// Command skinny-wasm is the simulator in a browser's worker: it sets self.skinny to
// what the page's door asks for, text for text.
package main

import (
	"context"
	"syscall/js"

	"skinny/cmd/internal/web"
)

func main() {
	door := web.New()
	view := func(_ js.Value, args []js.Value) any {
		return string(door.View(context.Background(), []byte(args[0].String())))
	}
	js.Global().Set("skinny", map[string]any{
		"view": js.FuncOf(view), "check": search(door, "check"), "explore": search(door, "explore"),
	})
	js.Global().Call("skinnyReady")
	select {}
}

// search is a search that returns a promise of its result. Whoever wants it to end ends
// the worker.
func search(door *web.Door, kind string) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		query, progress := []byte(args[0].String()), args[1]
		var started js.Func
		started = js.FuncOf(func(_ js.Value, settle []js.Value) any {
			resolve := settle[0]
			go func() {
				defer started.Release()
				resolve.Invoke(string(door.Search(context.Background(), kind, query, func(line []byte) { progress.Invoke(string(line)) })))
			}()
			return nil
		})
		return js.Global().Get("Promise").New(started)
	})
}
