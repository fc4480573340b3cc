package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newRoot(lookup func(string) (string, bool)) *cobra.Command {
	root := &cobra.Command{
		Use:   "mykpi",
		Short: "Live KPIs for small businesses",
		Long: `MyKPI keeps the key figures of many small businesses, each strictly apart, and shows them live.

Every flag can be given as a variable too: --listen as MYKPI_LISTEN, --log-format as MYKPI_LOG_FORMAT.`,
		Example: `  mykpi demo                                    # a server with a shop's figures, in seconds
  mykpi serve --listen 127.0.0.1:8080 --data ./data
  mykpi token --data ./data --tenant acme --role ADMIN`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd.Flags(), lookup)
		},
	}
	root.AddCommand(newServe(), newDemo(), newToken(), newRebuild(), newImport(), newTenants(), newCopy(), newExport(), newErase(), newTables())
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}

// version is what this binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
