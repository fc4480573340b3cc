package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "be one of the servers: floor or stock")
	data := flag.String("data", "", "what the server serves")
	rounds := flag.Int("rounds", 5, "rounds; each server is asked once in each")
	each := flag.Duration("each", time.Second, "how long a server is asked in a round")
	only := flag.String("only", "", "names of servers, with a semicolon between them; all if empty")
	peers := flag.Bool("peers", true, "measure the Node peers too")
	flag.Parse()
	var err error
	switch *serve {
	case "":
		err = run(*rounds, *each, *only, *peers)
	case "floor":
		err = serveFloor(*data)
	case "stock":
		err = serveStock(*data)
	default:
		err = fmt.Errorf("there is no server %q", *serve)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(rounds int, each time.Duration, only string, peers bool) error {
	dir, err := os.MkdirTemp("", "mykpi-bench-query-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, granularity := range []string{"DAY", "HOUR"} {
		if err := measure(dir, granularity, rounds, each, only, peers); err != nil {
			return err
		}
	}
	return nil
}

func measure(dir, granularity string, rounds int, each time.Duration, only string, peers bool) error {
	set, err := prepare(filepath.Join(dir, granularity), granularity, only, peers)
	if set != nil {
		defer set.stop()
	}
	if err != nil {
		return err
	}
	for round := -1; round < rounds; round++ { // the first warms up
		for _, s := range set.subjects {
			if err := s.measure(each, round >= 0); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	set.print(granularity)
	return nil
}
