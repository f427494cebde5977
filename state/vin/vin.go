// Package vin reads vehicle identification numbers (ISO 3779, 49 CFR 565.15). What it finds odd is only ever a hint:
// vehicles made outside North America often fail the check digit, older ones have shorter numbers, and the service
// decides.
package vin

import (
	"strings"
	"unicode"
)

// Length is that of every VIN since 1981.
const Length = 17

// Verdict is what there is to say of a VIN, the worst thing first.
type Verdict int

// The verdicts.
const (
	Good         Verdict = iota
	WrongLength          // not 17 characters
	WrongLetters         // a character that no VIN has
	WrongCheck           // position 9 is not the check digit of the others
)

// The places of some characters, from 0.
const (
	seventh    = 6
	checkPlace = 8
	yearPlace  = 9
)

// Result is what Check found.
type Result struct {
	Verdict Verdict
	VIN     string // normalised
	// Suggestion is the VIN with O, I and Q read as 0, 1 and 0, where that leaves no odd character; empty: none.
	Suggestion string
	// Odd are the characters that no VIN has, each once.
	Odd string
	// Expected is the check digit that the other characters ask for; 0 unless it was computed.
	Expected byte
}

// Normalise returns s as a VIN is written: upper case, without spaces and dashes.
func Normalise(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

// Check looks at a VIN as typed.
func Check(s string) Result {
	r := Result{VIN: Normalise(s)}
	for _, c := range r.VIN {
		if value(c) < 0 && !strings.ContainsRune(r.Odd, c) {
			r.Odd += string(c)
		}
	}
	switch {
	case len([]rune(r.VIN)) != Length:
		r.Verdict = WrongLength
	case r.Odd != "":
		r.Verdict = WrongLetters
		if other := strings.NewReplacer("O", "0", "I", "1", "Q", "0").Replace(r.VIN); plain(other) {
			r.Suggestion = other
		}
	default:
		if r.Expected = digit(r.VIN); r.Expected != r.VIN[checkPlace] {
			r.Verdict = WrongCheck
		}
	}
	return r
}

func plain(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return value(c) < 0 })
}

// value is what a character counts for the check digit; -1 for one that no VIN has.
func value(c rune) int {
	const letters, values = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789"
	if c >= '0' && c <= '9' {
		return int(c - '0')
	}
	if i := strings.IndexRune(letters, c); i >= 0 {
		return int(values[i] - '0')
	}
	return -1
}

// digit is the check digit of 17 characters that all have a value: the sum of the weighted values modulo 11, where ten
// is written X. The check digit itself weighs nothing.
func digit(vin string) byte {
	weights := [Length]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i, c := range vin {
		sum += weights[i] * value(c)
	}
	return "0123456789X"[sum%11]
}

// ModelYear returns the year that position 10 stands for; 0 when it stands for none. Its letters come round every 30
// years: a letter in position 7 means 2010 or later, as it does for light vehicles in North America.
func ModelYear(s string) int {
	const years, first, cycle = "ABCDEFGHJKLMNPRSTVWXY123456789", 1980, 30
	vin := Normalise(s)
	if len(vin) != Length || !plain(vin) {
		return 0
	}
	i := strings.IndexByte(years, vin[yearPlace])
	if i < 0 {
		return 0
	}
	if vin[seventh] >= '0' && vin[seventh] <= '9' {
		return first + i
	}
	return first + cycle + i
}
