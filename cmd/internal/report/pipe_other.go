//go:build !unix

package report

const nonblocking = 0
