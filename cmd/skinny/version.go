package main

import (
	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "which build this is, and which formats it reads and writes",
		Args:  arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			return a.Print(report.Version())
		},
	}
}
