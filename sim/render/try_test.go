package render_test
import ("testing";"fmt"
"skinny/scenarios";"skinny/sim/trace";"skinny/sim/render";"skinny/protocol")
type src struct{ *trace.Log }
func (s src) Len() int {return len(s.Events)}
func TestTry(t *testing.T){
 for _, n := range []string{"two-winners","typical","duel","amnesia","slow-peer-sequential"} {
 f,err:=scenarios.Open(n); if err!=nil {t.Fatal(err)}
 s,_:=f.Compile(scenarios.Overrides{})
 log:=&trace.Log{}
 r:=s.Start(); r.World().Observe(log); for r.Step(){}
 d:=render.Diagram{Header:s.Header(),Direct:s.Cluster.ClientLatency==0,Events:src{log}}
 for i:=range s.Cluster.Holders{ d.Clients=append(d.Clients,protocol.Holder(i+1))}
 for _,w:=range []int{44,80}{
 win:=render.Window{First:1,Rows:40,Width:w,Before:make(render.Lanes,len(s.Cluster.Instances))}
 for _,row:=range append(d.Head(win),d.Draw(win)...){ b:=""; for _,c:=range row.Cells{ if c.Rune!=0 {b+=string(c.Rune)}}; fmt.Println(b)}
 }}
}
