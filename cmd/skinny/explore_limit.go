package main

import (
	"fmt"
	"strconv"

	"skinny/sim/explore"
)

// limit is a flag's number from 0 to explore.MaxLimit.
type limit int

func (l *limit) String() string { return strconv.Itoa(int(*l)) }

// Set reads the flag.
func (l *limit) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > explore.MaxLimit {
		return strconv.ErrRange // the message is made of Type
	}
	*l = limit(n)
	return nil
}

// Type says what the flag takes, as in "a number from 0 to 9".
func (*limit) Type() string { return fmt.Sprintf("number from 0 to %d", explore.MaxLimit) }
