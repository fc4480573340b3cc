package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mykpi/mykpi/test/program"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fairness:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 && args[0] == "quiet" {
		return runQuiet(args[1:])
	}
	if len(args) > 0 && args[0] == "flood" {
		return runFlood(args[1:])
	}
	flags := flag.NewFlagSet("fairness", flag.ContinueOnError)
	rounds := flags.Int("rounds", 3, "how often quiet and flooded times alternate")
	span := flags.Duration("span", 6*time.Second, "how long each is")
	late := flags.Duration("late", time.Second, "how long a flood has been under way when the quiet tenant is measured")
	only := flags.String("flood", "", "one flood alone: "+strings.Join(floods, ", "))
	more := flags.String("server-flags", "", "flags of the server, with blanks between them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mykpi-bench-fairness-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := program.Build(dir)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "flood\tof the quiet tenant\tp50 ms quiet\tflooded\tratio\tp90 ms quiet\tflooded\tratio\tp99 ms quiet\tflooded\tratio\tflood's answers/s\trefused\t")
	for _, kind := range floods {
		if *only != "" && kind != *only {
			continue
		}
		if err := compare(table, path, kind, *rounds, *span, *late, strings.Fields(*more)); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	return table.Flush()
}

// compare measures one kind of flood, on a server of its own.
func compare(table *tabwriter.Writer, path, kind string, rounds int, span, late time.Duration, flags []string) error {
	data, err := os.MkdirTemp("", "mykpi-bench-fairness-data-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	var server *program.Server
	err = pinned(0, func() (err error) {
		server, err = program.Serve(path, append([]string{"--data", data}, flags...)...)
		return err
	})
	if err != nil {
		return err
	}
	defer server.Stop()
	var tokens [2]string
	for i, tenant := range []string{"quiet", "flood"} {
		if tokens[i], err = program.Run(path, "token", "--data", data, "--tenant", tenant, "--role", "ADMIN", "--ttl", "1h"); err != nil {
			return err
		}
		if err := prepare(newCaller(server.URL, tokens[i], quietAddress)); err != nil {
			return err
		}
	}
	var alone, flooded []times
	var flood flooding
	for range rounds {
		quiet, err := part(server.URL, tokens[0], span)
		if err != nil {
			return err
		}
		alone = append(alone, quiet)
		var answered flooding
		ended := make(chan error, 1)
		go func() {
			ended <- child(&answered, "flood", server.URL, tokens[1], kind, (span + late + time.Second).String())
		}()
		time.Sleep(late)
		quiet, err = part(server.URL, tokens[0], span)
		if err = errors.Join(err, <-ended); err != nil {
			return err
		}
		flooded = append(flooded, quiet)
		flood.Answers += answered.Answers
		flood.Refused += answered.Refused
		time.Sleep(time.Second) // until what it left is worked off
	}
	for _, what := range []string{"dashboard", "point"} {
		fmt.Fprintf(table, "%s\t%s\t", kind, what)
		for _, percent := range []int{50, 90, 99} {
			q, f := median(alone, what, percent), median(flooded, what, percent)
			fmt.Fprintf(table, "%.1f\t%.1f\t%.1f\t", q, f, f/q)
		}
		fmt.Fprintf(table, "%.0f\t%.0f%%\t\n", float64(flood.Answers)/(span+late+time.Second).Seconds()/float64(rounds),
			100*float64(flood.Refused)/float64(max(1, flood.Answers)))
	}
	return nil
}

// part has the quiet tenant work for a time, and answers what it measured.
func part(url, token string, span time.Duration) (got times, err error) {
	err = child(&got, "quiet", url, token, span.String())
	return got, err
}

// median is that of the rounds' percentiles: a pause of the machine falls into one round, and is not the server's.
func median(rounds []times, what string, percent int) float64 {
	var all milliseconds
	for _, r := range rounds {
		all = append(all, r[what].at(percent))
	}
	return all.at(50)
}

// times are milliseconds by what was asked.
type times map[string]milliseconds

type milliseconds []float64

// at is a percentile.
func (m milliseconds) at(percent int) float64 {
	if len(m) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(m))
	return sorted[len(sorted)*percent/100]
}

// child runs this program again, in another role and on the load's processor, and reads what it prints into v.
func child(v any, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.Command(self, args...)
	command.Stderr = os.Stderr
	var output strings.Builder
	command.Stdout = &output
	if err := pinned(1, command.Start); err != nil {
		return err
	}
	if err := command.Wait(); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return json.Unmarshal([]byte(output.String()), v)
}
