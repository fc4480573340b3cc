// Command generate is gqlgen with the project's plugin: go generate ./graph runs it at the top of the module.
package main

import (
	"log"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"

	"github.com/mykpi/mykpi/graph/plan/plugin"
)

func main() {
	log.SetFlags(0)
	c, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		log.Fatal(err)
	}
	if err := api.Generate(c, api.AddPlugin(plugin.Plugin{})); err != nil {
		log.Fatal(err)
	}
}
