// Package lab is where people write their own instance of Skinny, in any language, stage
// by stage: what each stage asks for, the files to begin with, and what judges it.
package lab
