package vin_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"claimdeck/state/vin"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed      string
		verdict    vin.Verdict
		normal     string
		suggestion string
		odd        string
		expected   byte
	}{
		{typed: "11111111111111111", expected: '1'},
		{typed: "1M8GDM9AXKP042788", expected: 'X'},
		{typed: "5GZCZ43D13S812715", expected: '1'},
		{typed: "1N4AL3AP8JC231503", expected: '8'},
		{typed: " 1n4al3ap-8jc 231503\n", normal: "1N4AL3AP8JC231503", expected: '8'},
		{typed: "1N4AL3AP–8JC231503", normal: "1N4AL3AP8JC231503", expected: '8'}, // an en dash, as pasted
		// The service's own test VINs: five are right, three are not.
		{typed: "JHMGE8H35DC074448", expected: '5'},
		{typed: "1GCHC29U62E142306", expected: '6'},
		{typed: "JHMFA36246S006140", expected: '4'},
		{typed: "JN1CV6AP7CM621670", expected: '7'},
		{typed: "1FAHP3EN7BW114135", expected: '7'},
		{typed: "JHMGE8H35DC075558", verdict: vin.WrongCheck, expected: '6'},
		{typed: "JHMGE8H35DC076668", verdict: vin.WrongCheck, expected: '7'},
		{typed: "1GCHC29U62E147776", verdict: vin.WrongCheck, expected: '2'},
		{typed: "", verdict: vin.WrongLength},
		{typed: "1N4AL3AP8JC23150", verdict: vin.WrongLength},
		{typed: "1N4AL3AP8JC2315030", verdict: vin.WrongLength},
		{typed: "1N4AL3AP8JC23150I", verdict: vin.WrongLetters, odd: "I", suggestion: "1N4AL3AP8JC231501"},
		{typed: "iN4ALQAP8JC23I5o3", verdict: vin.WrongLetters, normal: "IN4ALQAP8JC23I5O3", odd: "IQO", suggestion: "1N4AL0AP8JC231503"},
		{typed: "1N4AL3AP8JC23150é", verdict: vin.WrongLetters, normal: "1N4AL3AP8JC23150É", odd: "É"},
	} {
		normal := c.normal
		if normal == "" {
			normal = c.typed
		}
		want := vin.Result{Verdict: c.verdict, VIN: normal, Suggestion: c.suggestion, Odd: c.odd, Expected: c.expected}
		if got := vin.Check(c.typed); got != want {
			t.Errorf("%q is %+v, want %+v", c.typed, got, want)
		}
	}
}

func TestModelYear(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"1N4AL3AP8JC231503": 2018, "1FAHP3EN7BW114135": 2011, "1GCHC29U62E142306": 2002, "JHMGE8H35DC074448": 2013,
		"5GZCZ43D13S812715": 2003, "JN1CV6AP7CM621670": 2012, "1M8GDM9AXKP042788": 1989,
		"1N4AL3AP80C231503": 0, "1N4AL3AP8UC231503": 0, "1N4AL3AP8ZC231503": 0, "short": 0, "1N4AL3AP8JC23150O": 0,
	} {
		if got := vin.ModelYear(typed); got != want {
			t.Errorf("%s is of %d, want %d", typed, got, want)
		}
	}
}

// The check digit that Check expects makes the VIN good, and one wrong sign anywhere else is found nearly always; a
// swap of two neighbours is, unless they count the same.
func TestCheckDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const letters = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
		signs := rapid.SliceOfN(rapid.SampledFrom([]byte(letters)), vin.Length, vin.Length).Draw(t, "signs")
		signs[8] = vin.Check(strings.ReplaceAll(string(signs[:8])+"0"+string(signs[9:]), "?", "0")).Expected
		number := string(signs)
		if r := vin.Check(number); r.Verdict != vin.Good || r.VIN != number {
			t.Fatalf("%s: %+v", number, r)
		}
		wrong := rapid.SampledFrom([]byte("0123456789X")).Draw(t, "digit")
		if r := vin.Check(number[:8] + string(wrong) + number[9:]); (r.Verdict == vin.Good) != (wrong == signs[8]) {
			t.Fatalf("%s with %c: %+v", number, wrong, r)
		}
	})
}

func TestNormaliseOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := vin.Normalise(s)
		if twice := vin.Normalise(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
		vin.ModelYear(s)
	})
}

func FuzzCheck(f *testing.F) {
	f.Add("1N4AL3AP8JC231503")
	f.Add("\xff\x00–é")
	f.Fuzz(func(t *testing.T, s string) {
		r := vin.Check(s)
		if r.Suggestion != "" && vin.Check(r.Suggestion).Verdict == vin.WrongLetters {
			t.Errorf("%q: the suggestion %s has odd letters", s, r.Suggestion)
		}
	})
}
