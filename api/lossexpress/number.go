package lossexpress

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Number is an exact decimal: read from the digits of a JSON number, quoted or not, and written as a plain JSON number
// without quotes or exponent. It never passes through a float.
type Number struct{ decimal.Decimal }

// Money is an amount in US dollars. A per diem may have more than two decimals; nothing here rounds.
type Money = Number

// maxDigits bounds what is taken for a number: an exponent of a million would be a million digits.
const maxDigits = 40

var maxInt = decimal.NewFromInt(1 << 31)

// NewMoney reads an amount such as "10222.33".
func NewMoney(s string) (Money, error) {
	var m Money
	err := m.UnmarshalJSON([]byte(s))
	return m, err
}

// UnmarshalJSON reads a number or a quoted number. null leaves n as it is.
func (n *Number) UnmarshalJSON(raw []byte) error {
	digits := strings.TrimSpace(string(raw))
	if digits == "null" {
		return nil
	}
	if strings.HasPrefix(digits, `"`) {
		var quoted string
		if err := json.Unmarshal(raw, &quoted); err != nil {
			return err
		}
		digits = strings.TrimSpace(quoted)
	}
	// A quoted number keeps to the grammar of a bare one: json.Valid knows no NaN, no hex and no underscores.
	if len(digits) > maxDigits || !json.Valid([]byte(digits)) || strings.ContainsAny(digits, `"{[tfn`) {
		return fmt.Errorf("%.20q is not a number", digits)
	}
	d, err := decimal.NewFromString(digits)
	if err != nil || d.Exponent() < -maxDigits || d.Exponent() > maxDigits {
		return fmt.Errorf("%.20q is not a number of a sensible size", digits)
	}
	n.Decimal = d
	return nil
}

// MarshalJSON writes all digits, whatever the settings of the decimal package are.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.Text()), nil }

// Text is the number in plain digits: "10222.33", "2.3", "5553".
func (n Number) Text() string { return n.StringFixed(max(0, -n.Exponent())) }
