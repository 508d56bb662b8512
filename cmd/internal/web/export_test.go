package web

import "time"

func init() { viewTime = 10 * time.Minute }
