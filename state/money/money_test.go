package money

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"0":                 {"0.00", "0.00"},
		"10222.33":          {"10,222.33", "10,222.33"},
		"2.3":               {"2.30", "2.30"},
		"999":               {"999.00", "999.00"},
		"1000":              {"1,000.00", "1,000.00"},
		"-1234567.8":        {"-1,234,567.80", "-1,234,567.80"},
		"0.005":             {"0.01", "0.005"},
		"-0.005":            {"-0.01", "-0.005"},
		"0.004":             {"0.00", "0.004"},
		"-0.004":            {"0.00", "-0.004"},
		"1.005":             {"1.01", "1.005"},
		"2.3456":            {"2.35", "2.3456"},
		"2.3000":            {"2.30", "2.30"},
		"2.30010":           {"2.30", "2.3001"},
		"999.995":           {"1,000.00", "999.995"},
		"1e3":               {"1,000.00", "1,000.00"},
		"12345.6789":        {"12,345.68", "12,345.6789"},
		"99999999999999.99": {"99,999,999,999,999.99", "99,999,999,999,999.99"},
	} {
		d := decimal.RequireFromString(in)
		if got := Format(d); got != want[0] {
			t.Errorf("Format(%s) = %q, want %q", in, got, want[0])
		}
		if got := FormatExact(d); got != want[1] {
			t.Errorf("FormatExact(%s) = %q, want %q", in, got, want[1])
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"10222.33":    "10222.33",
		"$10,222.33":  "10222.33",
		"\t$ 10,222":  "10222",
		"-5":          "-5",
		"-$5.10":      "-5.1",
		"$-5":         "-5",
		".50":         "0.5",
		"5.":          "5",
		"007":         "7",
		"1,234,567.8": "1234567.8",
		"2.3456":      "2.3456",
	} {
		got, err := Parse(in)
		if err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"":                             ErrEmpty,
		"   ":                          ErrEmpty,
		"$":                            ErrNotMoney,
		"-":                            ErrNotMoney,
		".":                            ErrNotMoney,
		"abc":                          ErrNotMoney,
		"1e5":                          ErrNotMoney,
		"1.2.3":                        ErrNotMoney,
		"10.222,33":                    ErrNotMoney,
		"--5":                          ErrNotMoney,
		"$$5":                          ErrNotMoney,
		"5 0":                          ErrNotMoney,
		"+5":                           ErrNotMoney,
		"٣":                            ErrNotMoney,
		"NaN":                          ErrNotMoney,
		"1,0222":                       ErrCommas,
		"1,,000":                       ErrCommas,
		",100":                         ErrCommas,
		"1234,567":                     ErrCommas,
		"100,":                         ErrCommas,
		strings.Repeat("9", 16):        ErrTooLong,
		"0." + strings.Repeat("1", 11): ErrTooLong,
	} {
		got, err := Parse(in)
		if !errors.Is(err, want) || !got.IsZero() {
			t.Errorf("Parse(%q) = %s, %v, want %v", in, got, err, want)
		}
	}
	if _, err := Parse(strings.Repeat("x", 1000)); len(err.Error()) > 140 {
		t.Errorf("the error is %d bytes long", len(err.Error()))
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"10222.33": "10222.33", "-1.5e3": "-1500", "1e20": "100000000000000000000", "2.30": "2.3"} {
		if got, ok := Number(in); !ok || got.String() != want {
			t.Errorf("Number(%q) = %s, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "x", "1e999999999", "1e-999999999", "1e21", "NaN", "Infinity", strings.Repeat("9", 49), "1,000"} {
		if got, ok := Number(in); ok {
			t.Errorf("Number(%q) = %s", in, got)
		}
	}
}

func TestWhatIsFormattedParses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64Range(-1e15+1, 1e15-1).Draw(t, "value"), -rapid.Int32Range(0, 9).Draw(t, "decimals"))
		exact, err := Parse(FormatExact(d))
		if err != nil || !exact.Equal(d) {
			t.Fatalf("%s: exact %s, %v", d, exact, err)
		}
		rounded, err := Parse(Format(d))
		if err != nil || rounded.Sub(d).Abs().GreaterThan(decimal.RequireFromString("0.005")) {
			t.Fatalf("%s: rounded %s, %v", d, rounded, err)
		}
		if rounded.Abs().LessThan(d.Abs()) && d.Abs().Sub(rounded.Abs()).Equal(decimal.RequireFromString("0.005")) {
			t.Fatalf("%s is rounded towards zero: %s", d, rounded)
		}
		if n, ok := Number(d.String()); !ok || !n.Equal(d) {
			t.Fatalf("%s as a number: %s, %v", d, n, ok)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"$10,222.33", "-.5", "1e5", "", "$", "1,000,00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(FormatExact(d))
		if err != nil || !again.Equal(d) {
			t.Errorf("%q: %s, then %s, %v", s, d, again, err)
		}
	})
}
