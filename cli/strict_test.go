package cli

import (
	"os"
	"strings"
	"testing"
	"time"
)

// Every verb answers a call without anything, with words or with an exit code, and does not fall over.
func TestEveryVerbSurvivesAnEmptyCall(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := func(name string) (string, bool) { return home, name == "CLAIMDECK_HOME" }
	for path := range (&Program{Env: os.LookupEnv}).Examples() {
		if path == "claimdeck" || path == "claimdeck demo" || path == "claimdeck sandbox" {
			continue // these run until they are told to end
		}
		var out, words strings.Builder
		p := &Program{
			Args: strings.Fields(path)[1:], Stdin: strings.NewReader(""), Stdout: &out, Stderr: &words, Env: env, Now: time.Now,
		}
		if code := Run(t.Context(), p); code != exitDone && words.Len() == 0 {
			t.Errorf("%s ended with %d and no word", path, code)
		}
	}
}
