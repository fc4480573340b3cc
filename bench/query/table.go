package main

import (
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
)

// The subjects whose numbers the table derives others from. How writes share their fsyncs depends on what is done between
// them, so that a read after each is compared with a glance after each.
const (
	raw            = "raw"
	rawInBursts    = "raw, in bursts"
	writeAndRead   = "MyKPI, a write and a read"
	writeAndGlance = "MyKPI, a write and a glance"
	glanceAlone    = "MyKPI, a glance"
)

// print writes the table of a run.
func (s *set) print(granularity string) {
	fmt.Printf("\n%s buckets, an answer of %d bytes, %d connections\n\n", granularity, s.answer, rig.Connections)
	fmt.Println("| server | CPU a request | of raw | requests/s | of raw | resident |")
	fmt.Println("|---|---|---|---|---|---|")
	line := func(of, floor *subject) {
		memory, err := of.server.Memory()
		if err != nil {
			log.Printf("%s: %v", of.name, err)
		}
		cpu, rate := rig.Median(of.cpu), rig.Median(of.rate)
		fmt.Printf("| %s | %v | %.2f | %.0f | %.3f | %d MiB |\n", of.name, cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rig.Median(floor.cpu)),
			rate, rate/rig.Median(floor.rate), memory>>20)
	}
	floor := s.subject(raw)
	for _, of := range s.subjects {
		if _, is := of.asked.(*bursts); is {
			line(of, s.subject(rawInBursts))
		} else {
			line(of, floor)
		}
	}
	read, glanced, glance := s.subject(writeAndRead), s.subject(writeAndGlance), s.subject(glanceAlone)
	if read != nil && glanced != nil && glance != nil {
		cpu := rig.Median(read.cpu) - rig.Median(glanced.cpu) + rig.Median(glance.cpu)
		fmt.Printf("\nA read after a write, in a glance's place: %v, %.2f of raw\n", cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rig.Median(floor.cpu)))
	}
}

func (s *set) subject(name string) *subject {
	if i := slices.IndexFunc(s.subjects, func(of *subject) bool { return of.name == name }); i >= 0 {
		return s.subjects[i]
	}
	return nil
}
