// Package money reads and writes US dollar amounts exactly. Nothing in it is a float: an amount is a decimal from
// the first byte to the last, and it is rounded only where it is shown.
package money

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Bounds of an amount that is believed. They keep a hostile exponent such as 1e999999999 from costing memory.
const (
	maxText     = 48
	maxExponent = 20
	maxWhole    = 15 // digits before the point of a typed amount
	maxDecimals = 10
)

// Format writes d for people: two decimals, rounded half away from zero, thousands commas: "10,222.33", "-0.50".
func Format(d decimal.Decimal) string {
	return group(d.StringFixed(2))
}

// FormatExact is Format without rounding, for a per diem of more than two decimals: "2.30", "2.3456".
func FormatExact(d decimal.Decimal) string {
	if d.Exponent() >= -2 {
		return Format(d)
	}
	s := d.String() // drops trailing zeros
	whole, fraction, _ := strings.Cut(s, ".")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return group(whole + "." + fraction)
}

// group puts commas into the whole part of a plain decimal number.
func group(s string) string {
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) <= 3 {
		return sign + s
	}
	var b strings.Builder
	b.Grow(len(sign) + len(s) + len(whole)/3)
	b.WriteString(sign)
	head := (len(whole)-1)%3 + 1
	b.WriteString(whole[:head])
	for i := head; i < len(whole); i += 3 {
		b.WriteByte(',')
		b.WriteString(whole[i : i+3])
	}
	b.WriteByte('.')
	b.WriteString(fraction)
	return b.String()
}

// What is wrong with a typed amount. Parse wraps one of them.
var (
	ErrEmpty    = errors.New("type an amount in dollars, such as 10222.33")
	ErrNotMoney = errors.New("is not an amount in dollars: type digits, such as 10222.33")
	ErrCommas   = errors.New("has its commas in the wrong place: type 10,222.33 or 10222.33")
	ErrTooLong  = errors.New("has too many digits for an amount in dollars")
)

// Parse reads a typed amount: "10222.33", "$10,222.33", "-5", ".50". Errors wrap ErrEmpty, ErrNotMoney, ErrCommas
// or ErrTooLong and can be shown as they are. Nothing is rounded.
func Parse(typed string) (decimal.Decimal, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return decimal.Zero, ErrEmpty
	}
	negative, digits := unsigned(s)
	whole, fraction, point := strings.Cut(digits, ".")
	switch {
	case strings.Trim(whole, "0123456789,") != "" || strings.Trim(fraction, "0123456789") != "",
		whole == "" && fraction == "", point && fraction == "" && whole == "":
		return decimal.Zero, fmt.Errorf("%q %w", clip(s), ErrNotMoney)
	case !grouped(whole):
		return decimal.Zero, fmt.Errorf("%q %w", clip(s), ErrCommas)
	}
	whole = strings.ReplaceAll(whole, ",", "")
	if len(whole) > maxWhole || len(fraction) > maxDecimals {
		return decimal.Zero, fmt.Errorf("%q %w", clip(s), ErrTooLong)
	}
	d, err := decimal.NewFromString("0" + whole + "." + fraction + "0")
	if err != nil {
		return decimal.Zero, fmt.Errorf("%q %w", clip(s), ErrNotMoney)
	}
	if negative {
		d = d.Neg()
	}
	return trim(d), nil
}

// unsigned takes the sign and the dollar sign, in either order and each at most once, off s.
func unsigned(s string) (negative bool, rest string) {
	dollar := false
	for s != "" {
		switch {
		case s[0] == '-' && !negative:
			negative = true
		case s[0] == '$' && !dollar:
			dollar = true
		default:
			return negative, strings.TrimLeft(s, " ")
		}
		s = strings.TrimLeft(s[1:], " ")
	}
	return negative, s
}

// grouped reports whether the commas of a whole number, if any, separate thousands.
func grouped(whole string) bool {
	head, rest, found := strings.Cut(whole, ",")
	if !found {
		return true
	}
	if head == "" || len(head) > 3 {
		return false
	}
	for part := range strings.SplitSeq(rest, ",") {
		if len(part) != 3 {
			return false
		}
	}
	return true
}

// Number reads the text of a JSON number, or of a number that was sent as text; ok is false when it is none, or
// beyond any amount that can be meant.
func Number(s string) (d decimal.Decimal, ok bool) {
	if len(s) > maxText {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
		return decimal.Zero, false
	}
	return d, true
}

// trim drops the trailing zeros of the fraction, so that equal amounts are equal values too.
func trim(d decimal.Decimal) decimal.Decimal {
	s, err := decimal.NewFromString(d.String())
	if err != nil {
		return d
	}
	return s
}

// clip keeps what is quoted in an error short.
func clip(s string) string {
	if r := []rune(s); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return s
}
