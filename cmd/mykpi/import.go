package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/tenancy"
)

// importConfig says what to import, and how the file is written.
type importConfig struct {
	storeConfig
	tenant, chart, source string
	decimalComma, dryRun  bool
	from                  int
}

func newImport() *cobra.Command {
	var c importConfig
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Record the points of a CSV file, or read a log that export has written",
		Long: `With --tenant and --chart, record the points of a CSV file into a chart, while a server goes on reading and writing.

The file begins with a header that names its columns: date, at or time; value or amount; and, where each row has an ID, key
or id. Without a header they are date, value and key. Dates without a time are days of the tenant, and times without an
offset are the tenant's. Rows that are refused are told with their numbers, and kept for 30 days.

Running an import again counts nothing twice: rows that are recorded already are unchanged. After an interruption, --from
goes on where it stopped.

With neither, read a tenant's log that export has written, and make the projections from it. Run again it goes on where it
stopped; a store that holds another history of the same tenant is left as it is. - is the standard input.`,
		Example: `  mykpi import --data ./data --tenant acme --chart revenue revenue.csv
  mykpi import --tenant acme --chart revenue --dry-run revenue.csv
  mykpi import --tenant acme --chart revenue --decimal-comma --from 20001 umsatz.csv
  mykpi export --tenant acme --data ./data | mykpi import - --store dynamodb --table-prefix prod-`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.tenant == "" && c.chart == "" {
				return importLog(cmd.Context(), c.storeConfig, args[0], cmd.InOrStdin(), cmd.OutOrStdout())
			}
			return c.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.storeConfig.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&c.tenant, "tenant", "", "the tenant of the chart")
	f.StringVar(&c.chart, "chart", "", "the chart's key")
	f.StringVar(&c.source, "source", "", "where the points come from, for their history; the file's name if left out")
	f.BoolVar(&c.decimalComma, "decimal-comma", false, "the file's decimal sign is a comma: 1234,5")
	f.BoolVar(&c.dryRun, "dry-run", false, "tell what would change, and write nothing")
	f.IntVar(&c.from, "from", 0, "pass over the rows before this one, the header counted")
	return cmd
}

func (c importConfig) run(ctx context.Context, name string, out, progress io.Writer) error {
	tenant, err := tenancy.ParseID(c.tenant)
	if err != nil {
		return fmt.Errorf("--tenant: %w", err)
	}
	if c.chart == "" {
		return errors.New("--chart must name a chart by its key")
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	core, err := openCore(ctx, c.storeConfig)
	if err != nil {
		return err
	}
	defer core.close()
	about, err := core.directory.Tenant(ctx, tenant)
	if err != nil {
		return fmt.Errorf("tenant %s: %w", tenant, err)
	}
	calendar, err := core.journal.Calendars.Of(about)
	if err != nil {
		return err
	}
	rows, err := countRows(f)
	if err != nil {
		return err
	}
	file, err := ingest.NewCSV(f, ingest.CSVOptions{DecimalComma: c.decimalComma, Calendar: calendar})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.source == "" {
		c.source = f.Name()
	}
	as := tenancy.Verified(tenancy.Claims{Tenant: tenant, Role: tenancy.Editor, Actor: operator})
	return c.record(ctx, core, as, file, newBar(rows, "rows", progress), out)
}

// record imports the file and tells what became of its rows.
func (c importConfig) record(ctx context.Context, core *core, as tenancy.Identity, file *ingest.CSV, bar *progressbar.ProgressBar, out io.Writer) error {
	ingestion, err := core.commands.Begin(as, command.Intake{Source: c.source, Backfill: true, DryRun: c.dryRun})
	if err != nil {
		return err
	}
	last := 0
	answer, err := ingest.Import(ctx, ingestion, charts.Ref{Key: c.chart}, file, c.from, "", func(row int) {
		last = row
		bar.Set(row)
	})
	if ended := ingestion.End(ctx); err == nil {
		err = ended
	}
	bar.Finish()
	for _, r := range answer.Rejected {
		fmt.Fprintln(out, r.Message)
	}
	if n := answer.RejectedTotal; n > 0 {
		fmt.Fprintf(out, "… and %d more rows; rejectedPoints tells them all\n", n-len(answer.Rejected))
	}
	verb := "recorded"
	if c.dryRun {
		verb = "would record"
	}
	fmt.Fprintf(out, "%s %d, corrected %d, unchanged %d, refused %d\n", verb, answer.Recorded, answer.Corrected, answer.Unchanged, max(answer.RejectedTotal, len(answer.Rejected)))
	if err == nil {
		if id := ingestion.ID(); id != "" {
			fmt.Fprintf(out, "ingestion %s\n", id)
		}
		return nil
	}
	if last > 0 && !c.dryRun {
		return fmt.Errorf("stopped after row %d, which is recorded; go on with --from %d: %w", last, last+1, err)
	}
	return err
}

// countRows counts the lines of a file, for the progress bar, and goes back to its beginning.
func countRows(f *os.File) (int, error) {
	n := 0
	for lines := bufio.NewReaderSize(f, 1<<20); ; {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 && (err == nil || errors.Is(err, io.EOF)) {
			n++
		}
		if errors.Is(err, io.EOF) {
			_, err = f.Seek(0, io.SeekStart)
			return n, err
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, err
		}
	}
}
