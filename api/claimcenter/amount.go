package claimcenter

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number in plain digits, with a minus sign if it is negative and without an exponent:
// "500.00", "-12.3456". It keeps the decimals that were sent. The empty Decimal is no number.
type Decimal string

// Bounds of a number that is believed: more would be an attack, or nonsense.
const (
	maxDigits   = 40
	maxExponent = 20
)

// ParseDecimal reads the digits of a number as JSON or Java write it ("500.00", "-1E+3"); false for anything else.
func ParseDecimal(s string) (Decimal, bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxDigits || s == "" || strings.ContainsAny(s, `"{[tfn`) || !json.Valid([]byte(s)) {
		return "", false
	}
	mantissa, power, found := strings.Cut(strings.ToUpper(s), "E")
	if !found {
		return Decimal(mantissa), true
	}
	exponent, err := strconv.Atoi(power)
	if err != nil || exponent > maxExponent || exponent < -maxExponent {
		return "", false
	}
	return shift(mantissa, exponent), true
}

// shift moves the point of a plain number by n places to the right.
func shift(number string, n int) Decimal {
	sign := ""
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		sign, number = "-", rest
	}
	whole, fraction, _ := strings.Cut(number, ".")
	digits, point := whole+fraction, len(whole)+n
	if point < 1 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	whole, fraction = strings.TrimLeft(digits[:point-1], "0")+digits[point-1:point], digits[point:]
	if fraction != "" {
		fraction = "." + fraction
	}
	return Decimal(sign + whole + fraction)
}

// Amount is an amount of money. The service sends it as text, with its currency in lower case.
type Amount struct {
	Text     string  // as sent, safe to print
	Value    Decimal // Text as a number; empty when it is none
	Currency string  // as sent: "usd"; empty when absent
}

// Valid reports whether the amount is a number with a currency, which is what may be added up.
func (a Amount) Valid() bool { return a.Value != "" && a.Currency != "" }

// UnmarshalJSON reads {amount, currency}; the amount may be quoted or not. It never fails.
func (a *Amount) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Amount   word
		Currency Code // a string in the document; an object elsewhere in the API
	}
	fill(raw, &wire)
	value, _ := ParseDecimal(string(wire.Amount))
	*a = Amount{Text: string(wire.Amount), Value: value, Currency: wire.Currency.Code}
	return nil
}
