package main

import "github.com/spf13/cobra"

func newServe() *cobra.Command {
	var c serverConfig
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Example: `  mykpi serve
  mykpi serve --listen 0.0.0.0:8080 --data /var/lib/mykpi --log-format json
  MYKPI_DATA=/var/lib/mykpi mykpi serve`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := newServer(cmd.Context(), c, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			return s.run(cmd.Context())
		},
	}
	c.flags(cmd)
	return cmd
}
