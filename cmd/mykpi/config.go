package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// fromEnvironment sets each flag that was not given from its MYKPI_… variable, if that is set.
func fromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	var failed []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "MYKPI_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value, ok := lookup(name); ok && !f.Changed {
			if err := flags.Set(f.Name, value); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	return errors.Join(failed...)
}

// storeConfig says where everything is kept.
type storeConfig struct {
	data     string
	store    string
	endpoint string
	prefix   string
}

// The engines.
const (
	onSQLite   = "sqlite"
	onDynamoDB = "dynamodb"
)

func (c *storeConfig) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.data, "data", "./data", "folder that keeps everything; on DynamoDB the key of development tokens alone")
	cmd.Flags().StringVar(&c.store, "store", onSQLite, "sqlite or dynamodb")
	c.tableFlags(cmd)
}

func (c *storeConfig) tableFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.endpoint, "dynamodb-endpoint", "", "URL of DynamoDB; region, credentials and the usual endpoint come from the AWS environment")
	cmd.Flags().StringVar(&c.prefix, "table-prefix", "", "what the names of both tables begin with")
}

func (c *storeConfig) validate() error {
	if c.data == "" {
		return errors.New("--data must name a folder")
	}
	switch c.store {
	case onSQLite:
		if c.endpoint != "" || c.prefix != "" {
			return errors.New("--dynamodb-endpoint and --table-prefix go with --store dynamodb")
		}
	case onDynamoDB:
	default:
		return fmt.Errorf("--store is sqlite or dynamodb, not %q", c.store)
	}
	return nil
}

// serverConfig is all that a server can be told.
type serverConfig struct {
	storeConfig
	edgeConfig
	accessConfig
	dashboardConfig
	listen              string
	development         bool
	nats                string
	shutdown            time.Duration
	logFormat, logLevel string
}

func (c *serverConfig) flags(cmd *cobra.Command) {
	c.storeConfig.flags(cmd)
	f := cmd.Flags()
	c.edgeConfig.flags(f)
	c.accessConfig.flags(f)
	c.dashboardConfig.flags(f)
	f.StringVar(&c.listen, "listen", "127.0.0.1:8080", "address to serve on; port 0 for any free one")
	f.BoolVar(&c.development, "development", false, "serve GraphiQL and show the schema to everybody; tokens are verified all the same")
	f.StringVar(&c.nats, "nats", "", "URL of NATS, by which several instances on DynamoDB tell one another what changed")
	f.DurationVar(&c.shutdown, "shutdown", 20*time.Second, "how long to wait for requests and dashboards to end")
	f.StringVar(&c.logFormat, "log-format", "text", "text or json")
	f.StringVar(&c.logLevel, "log-level", "info", "debug, info, warn or error")
}

func (c *serverConfig) validate() error {
	if err := errors.Join(c.storeConfig.validate(), c.edgeConfig.validate(), c.accessConfig.validate(c.development), c.dashboardConfig.validate()); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(c.listen); err != nil {
		return fmt.Errorf("--listen %q is no address such as 127.0.0.1:8080: %w", c.listen, err)
	}
	if c.nats != "" && c.store != onDynamoDB {
		return errors.New("--nats goes with --store dynamodb")
	}
	if c.shutdown <= 0 {
		return errors.New("--shutdown must be a time such as 20s")
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		return fmt.Errorf("--log-format is text or json, not %q", c.logFormat)
	}
	return nil
}

// makeFolder makes the data folder, readable by its owner alone.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	return nil
}
