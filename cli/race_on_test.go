//go:build race

package cli_test

// underRace says that the race detector watches.
const underRace = true
