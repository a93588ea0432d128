// Reads dashboards by the schema of Grafana's makers, strictly: a field it does not know is an error.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	failed := false
	for _, path := range os.Args[1:] {
		raw, err := os.ReadFile(path)
		read := dashboard.Dashboard{}
		if err == nil {
			err = read.UnmarshalJSONStrict(raw)
		}
		if err == nil {
			err = read.Validate()
		}
		// An empty list of errors is one too, to Go.
		if err != nil && err.Error() != "" {
			failed = true
			fmt.Printf("%s: %s\n", path, err)
		}
	}
	if failed {
		os.Exit(1)
	}
}
