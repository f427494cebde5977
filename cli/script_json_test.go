package cli_test

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// pick puts the first group of a pattern in the last output into a variable: pick NAME PATTERN
func pick(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pick NAME PATTERN")
	}
	re, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	m := re.FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) != 2 {
		ts.Fatalf("%s does not match the output, or has no group", args[1])
	}
	ts.Setenv(args[0], m[1])
}

// checkJSON demands that stdout is one JSON document, and what stands in it: json [PATH VALUE]. VALUE is JSON, or text
// that stands for a string; "len" behind a path is the length of a list, "-" as the value says that nothing is there.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	var doc any
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		ts.Fatalf("stdout is not JSON: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("stdout has more than one JSON document")
	}
	if len(args) == 0 {
		return
	}
	if len(args) != 2 {
		ts.Fatalf("usage: json [PATH VALUE]")
	}
	got := asText(at(doc, strings.Split(args[0], ".")))
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

// at is what stands at a path.
func at(v any, path []string) any {
	for _, name := range path {
		switch x := v.(type) {
		case map[string]any:
			there := false
			if v, there = x[name]; !there {
				return nothing{}
			}
		case []any:
			if name == "len" {
				return json.Number(strconv.Itoa(len(x)))
			}
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(x) {
				return nothing{}
			}
			v = x[i]
		default:
			return nothing{}
		}
	}
	return v
}

// nothing is what stands where a path leads nowhere.
type nothing struct{}

func asText(v any) string {
	switch x := v.(type) {
	case nothing:
		return "-"
	case string:
		return x
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// checkLines demands that every line of stdout is a JSON document of its own, and how many there are: jsonlines N
func checkLines(ts *testscript.TestScript, neg bool, args []string) {
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stdout"), "\n"), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			ts.Fatalf("a line is no JSON document: %s", line)
		}
	}
	if neg || len(args) != 1 || strconv.Itoa(len(lines)) != args[0] {
		ts.Fatalf("there are %d lines, want %v", len(lines), args)
	}
}
