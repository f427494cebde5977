package scenario

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed scenarios/*.toml
var files embed.FS

// Shipped returns the scenarios that come with claimdeck, by file name. They cover every test VIN, every trigger and
// every route of the service.
func Shipped() ([]Scenario, error) {
	entries, err := files.ReadDir("scenarios")
	if err != nil {
		return nil, fmt.Errorf("the shipped scenarios cannot be read: %w", err)
	}
	var all []Scenario
	for _, e := range entries {
		name := path.Join("scenarios", e.Name())
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("the shipped scenarios cannot be read: %w", err)
		}
		sc, err := Parse(name, data)
		if err != nil {
			return nil, err
		}
		if want := strings.TrimSuffix(e.Name(), ".toml"); sc.Name != want {
			return nil, Problem{File: name, Message: fmt.Sprintf("its name is %q, it should be %q like its file", sc.Name, want)}
		}
		all = append(all, sc)
	}
	return all, nil
}
