// Package web is the sandbox's page, and the door through which it sees a run: a query
// is the whole state, and a [Door] answers what there is to see. The same Go code answers
// a server's page and, as WebAssembly, one without a server. It knows neither files nor
// networks.
package web

import "embed"

// Page is the files of the page, below the folder page.
//
//go:embed page
var Page embed.FS

// Policy is the content security policy of the page, without frame-ancestors, which
// only a server can demand.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
