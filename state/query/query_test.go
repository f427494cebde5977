package query

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"claimdeck/state/activity"
)

// chicago has a change of clocks; the tests must not depend on a zone database.
var chicago = time.FixedZone("CST", -6*3600)

// now is a Friday afternoon in Chicago, and Saturday in no zone that matters.
var now = time.Date(2026, 11, 20, 15, 4, 5, 678_900_000, chicago)

func parse(t *testing.T, input string) Filter {
	t.Helper()
	f, err := Parse(input, now)
	if err != nil {
		t.Fatalf("%q: %v", input, err)
	}
	return f
}

func TestParse(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, chicago) }
	ms := now.Truncate(time.Millisecond)
	for input, want := range map[string]Filter{
		"":                              {},
		"  \t ":                         {},
		"Missing  OPTIONS":              {Words: []string{"missing", "options"}},
		"a a A":                         {Words: []string{"a"}},
		`"missing options" ally`:        {Words: []string{"missing options", "ally"}},
		`say\"`:                         {Words: []string{`say\`}},
		`"say \"hi\" \\"`:               {Words: []string{`say "hi" \`}},
		`"not closed yet`:               {Words: []string{"not closed yet"}},
		"needs: http://x":               {Words: []string{"needs:", "http://x"}},
		`"type:payoff"`:                 {Words: []string{"type:payoff"}},
		"type:payoff-data-added":        {Types: []activity.Type{activity.PayoffDataAdded}},
		"TYPE:Settle":                   {Types: []activity.Type{activity.SettlementCounterAdded, activity.SettlementCounterUpdated}},
		"type:counter":                  {Types: []activity.Type{activity.SettlementCounterAdded, activity.SettlementCounterUpdated}},
		"type:message":                  {Types: []activity.Type{activity.DirectMessageAdded}},
		`type:"payoff quote"`:           {Types: []activity.Type{activity.PayoffDataAdded}},
		`type:"call to lender"`:         {Types: []activity.Type{activity.CallMade}},
		"type:call,message,":            {Types: []activity.Type{activity.CallMade, activity.DirectMessageAdded}},
		"type:call type:message":        {Types: []activity.Type{activity.CallMade, activity.DirectMessageAdded}},
		"type:call,call-made":           {Types: []activity.Type{activity.CallMade}},
		"claim:EX-1001":                 {Claim: "ex-1001"},
		"claim:a claim:b":               {Claim: "b"},
		"claim:lender:x":                {Claim: "lender:x"},
		`lender:"Wells Fargo" since:2h`: {Lender: "wells fargo", Since: ms.Add(-2 * time.Hour)},
		"since:30m":                     {Since: ms.Add(-30 * time.Minute)},
		"since:3d":                      {Since: ms.AddDate(0, 0, -3)},
		"since:2w":                      {Since: ms.AddDate(0, 0, -14)},
		"since:today":                   {Since: day(20)},
		"since:yesterday":               {Since: day(19)},
		"since:2026-11-18":              {Since: day(18)},
		"until:today":                   {Until: day(21)},
		"until:yesterday":               {Until: day(20)},
		"until:2026-11-18":              {Until: day(19)},
		"until:2h":                      {Until: ms.Add(-2 * time.Hour)},
		"since:2026-11-18T10:00:00.5Z":  {Since: time.Date(2026, 11, 18, 10, 0, 0, 5e8, time.UTC)},
	} {
		if got := parse(t, input); !got.Equal(want) {
			t.Errorf("%q:\n got %+v\nwant %+v", input, got, want)
		}
	}
}

// TestHalfTyped: while a person types, the list must not flicker between errors and rows.
func TestHalfTyped(t *testing.T) {
	t.Parallel()
	for _, input := range []string{
		"type:", "claim:", "lender:", "since:", "until:", "TYPE:", `lender:"`, "type:,", "type: ", `type:""`,
		"since:2", "since:20", "since:2026", "since:2026-", "since:2026-1", "since:2026-11-2", "since:2026-11-20T1",
		"since:t", "since:toda", "since:y", "until:yester",
	} {
		if f := parse(t, input); !f.Empty() {
			t.Errorf("%q is %+v", input, f)
		}
	}
	for _, whole := range []string{"type:settlement-counter-added", "lender:\"wells fargo\"", "since:2026-11-20", "since:24h", "until:yesterday"} {
		for i := range whole {
			if _, err := Parse(whole[:i], now); err != nil {
				t.Errorf("%q: %v", whole[:i], err)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"type:zzzzzz":        `type:zzzzzz is not a type of activity: try message, counter`,
		"type:paiof":         `did you mean payoff-data-added`,
		"type:mesage":        `did you mean direct-message-added?`,
		"type:call,conter":   `type:conter is not a type of activity: did you mean settlement-counter-added or settlement-counter-updated?`,
		"type:order-creatd":  `did you mean order-created`,
		"since:noon":         `since:noon is not a time: use 30m, 2h`,
		"since:2x":           `since:2x is not a time`,
		"since:-2h":          `is not a time`,
		"since:+2h":          `is not a time`,
		"since:h":            `is not a time`,
		"since:2026-13-01":   `is not a time`,
		"since:2026-02-30":   `is not a time`,
		"since:0001-01-01":   `is not a time`,
		"until:99999999999d": `until:99999999999d is not a time`,
		"since:9999999h":     `is not a time`,
		`since:"a b"`:        `since:"a b" is not a time`,
	} {
		f, err := Parse(input, now)
		if err == nil || !strings.Contains(err.Error(), want) || !f.Empty() {
			t.Errorf("%q: got %v, want %q", input, err, want)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"":                                 "",
		"b  A":                             "b a",
		`"missing options"`:                `"missing options"`,
		`"type:x"`:                         `"type:x"`,
		"until:today since:yesterday":      "since:2026-11-19 until:2026-11-20",
		"since:2h":                         "since:2026-11-20T19:04:05.678Z",
		`lender:"a b" type:call claim:X w`: `w type:call-made claim:x lender:"a b"`,
	} {
		if got := Format(parse(t, input)); got != want {
			t.Errorf("%q: got %q, want %q", input, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	s := Subject{
		ClaimID: "c30ae9da-9222", ClaimNumber: "EX-1001", VIN: "JHMGE8H35DC074448", Lender: "Wells Fargo",
		Summary: "Lender countered: Missing Options", Type: activity.SettlementCounterAdded,
		At: time.Date(2026, 11, 20, 10, 0, 0, 5e6, chicago),
	}
	for input, want := range map[string]bool{
		"":                                true,
		"missing":                         true,
		"missing ex-1001":                 true,
		"missing options":                 true,
		`"missing options"`:               true,
		`"options missing"`:               false,
		`"1001 lender"`:                   true, // the number and the summary are one text
		"wells":                           false,
		"missing nothing":                 false,
		"type:counter":                    true,
		"type:call":                       false,
		"type:call,counter":               true,
		"claim:1001":                      true,
		"claim:c30ae9da-9222":             true,
		"claim:c30ae9da":                  false, // an id is asked for as a whole
		"claim:jhmge8h35dc074448":         true,
		"claim:jhmge":                     false,
		"lender:fargo":                    true,
		"lender:ally":                     false,
		"since:today until:today":         true,
		"until:yesterday":                 false,
		"since:2026-11-20T16:00:00.005Z":  true, // inclusive
		"since:2026-11-20T16:00:00.006Z":  false,
		"until:2026-11-20T16:00:00.005Z":  false, // exclusive
		"until:2026-11-20T16:00:00.006Z":  true,
		"type:counter claim:1001 missing": true,
		"type:counter claim:1002 missing": false,
	} {
		if got := Match(parse(t, input), s); got != want {
			t.Errorf("%q: %v", input, got)
		}
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for input, want := range map[string][]string{
		"":                 {"type:", "claim:", "lender:", "since:", "until:"},
		"x ":               {"x type:", "x claim:", "x lender:", "x since:", "x until:"},
		"x le":             {"x lender:"},
		"e":                {},
		"zzz":              {},
		"type:settle":      {"type:settlement-counter-added", "type:settlement-counter-updated"},
		"type:message":     {"type:direct-message-added"},
		"a TYPE:call,mess": {"a type:call,direct-message-added"},
		"since:to":         {"since:today"},
		"until:2":          {"until:2h", "until:24h"},
		"claim:x":          {},
		"type:zzz":         {},
	} {
		if got := Complete(input); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", input, got, want)
		}
	}
	if got := Complete("type:"); len(got) != len(activity.Types()) {
		t.Errorf("type: offers %d", len(got))
	}
}

func TestEveryTypeCanBeNamed(t *testing.T) {
	t.Parallel()
	for _, typ := range activity.Types() {
		for _, name := range []string{string(typ), activity.Label(typ)} {
			f := parse(t, "type:"+quote(name))
			if !slices.Equal(f.Types, []activity.Type{typ}) {
				t.Errorf("%q names %v", name, f.Types)
			}
		}
	}
}

func TestFormatParsesBack(t *testing.T) {
	t.Parallel()
	word := rapid.StringOfN(rapid.RuneFrom([]rune(`abc:"\ ,İßé日-`)), 1, 8, -1)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")).In(chicago)
		if rapid.Bool().Draw(t, "midnight") {
			at = midnight(at, 0)
		}
		return at
	})
	rapid.Check(t, func(t *rapid.T) {
		var want Filter
		for _, w := range rapid.SliceOfN(word, 0, 3).Draw(t, "words") {
			want.addWord(w)
		}
		if rapid.Bool().Draw(t, "typed") {
			want.Types = rapid.SliceOfNDistinct(rapid.SampledFrom(activity.Types()), 1, 4, rapid.ID[activity.Type]).Draw(t, "types")
		}
		want.Claim = normal(rapid.OneOf(rapid.Just(""), word).Draw(t, "claim"))
		want.Lender = normal(rapid.OneOf(rapid.Just(""), word).Draw(t, "lender"))
		if rapid.Bool().Draw(t, "since") {
			want.Since = instant.Draw(t, "since at")
		}
		if rapid.Bool().Draw(t, "until") {
			want.Until = instant.Draw(t, "until at")
		}
		got, err := Parse(Format(want), now)
		if err != nil || !got.Equal(want) {
			t.Fatalf("%q:\n got %+v, %v\nwant %+v", Format(want), got, err, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`settle type:payoff claim:EX-1001 lender:"wells fargo" since:2h until:2026-11-20`, `type:,a,"`, `"\`, "since:2026-11-20T10:00:00+23:59",
		"since:9999-12-31T23:59:59-23:59", "until:8999-12-31", "\xff type:\xff", "claim:İ", "lender: ", `a"b c"d`, "until:today since:0d",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, input string) {
		for _, s := range Complete(input) {
			if s == "" {
				t.Errorf("%q completes to nothing", input)
			}
		}
		want, err := Parse(input, now)
		if err != nil {
			return
		}
		Match(want, Subject{})
		written := Format(want)
		got, err := Parse(written, now)
		if err != nil || !got.Equal(want) {
			t.Errorf("%q is written %q:\n got %+v, %v\nwant %+v", input, written, got, err, want)
		}
		if again := Format(got); again != written {
			t.Errorf("%q, then %q", written, again)
		}
	})
}
