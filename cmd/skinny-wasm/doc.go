//go:build !(js && wasm)

// Command skinny-wasm is the simulator for a browser's worker; it is built for js/wasm
// by `skinny web --export`.
package main

func main() { panic("skinny-wasm runs in a browser: skinny web --export builds it for js/wasm") }
