package action

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
)

// The values of a yes-or-no choice.
const (
	yes = "yes"
	no  = "no"
)

// fixed are options that do not depend on anything.
func fixed(options ...Option) func(context.Context, Subject) ([]Option, error) {
	return func(context.Context, Subject) ([]Option, error) { return options, nil }
}

// named are options that are called by their value.
func named(values ...string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i] = Option{Value: v, Label: v}
	}
	return options
}

func checkMoney(s string) error {
	d, err := money.Parse(s)
	if err == nil && d.IsNegative() {
		return fmt.Errorf("%s is less than nothing: give an amount such as 10,222.33", s)
	}
	return err
}

// plainMoney is an amount as a number is written in JSON: "10222.33".
func plainMoney(s string) string {
	d, err := money.Parse(s)
	if err != nil {
		return s
	}
	return decimalText(d)
}

func decimalText(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

var wholeNumber = regexp.MustCompile(`^\d{1,3}(,\d{3})*$|^\d{1,12}$`)

func checkNumber(s string) error {
	if !wholeNumber.MatchString(s) {
		return fmt.Errorf("%q is not a whole number such as 42,000", s)
	}
	return nil
}

func plainNumber(s string) string { return strings.ReplaceAll(s, ",", "") }

// dayLayouts are the ways in which a day may be typed.
var dayLayouts = [...]string{time.DateOnly, "1/2/2006"}

// parseDay returns the day as midnight UTC.
func parseDay(s string) (time.Time, error) {
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a day: write it as 2026-11-20 or 11/20/2026", s)
}

func checkDay(s string) error {
	_, err := parseDay(s)
	return err
}

func plainDay(s string) string {
	t, err := parseDay(s)
	if err != nil {
		return s
	}
	return t.Format(time.DateOnly)
}

// today is the calendar day of now, where the person is, as midnight UTC.
func today(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

var (
	international = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	// american is a number of the North American plan as people write it, without an extension.
	american  = regexp.MustCompile(`^(\+?1[ .-]*)?(\(\d{3}\)|\d{3})[ .-]*\d{3}[ .-]*\d{4}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	zipForm   = regexp.MustCompile(`^\d{5}(-\d{4})?$`)
)

// plainPhone writes a North American number as the service does: "+13332225555". Everything else stays as it was typed,
// an extension above all.
func plainPhone(s string) string {
	if !american.MatchString(s) {
		return s
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	return "+1" + digits[len(digits)-10:]
}

// oddPhone says what is odd about a phone number; empty: nothing.
func oddPhone(s string) string {
	if phone := plainPhone(s); international.MatchString(phone) && (!strings.HasPrefix(phone, "+1") || len(phone) == 12) {
		return ""
	}
	return "is no phone number that can be called as it is: write it as +13332225555, an extension in a message"
}

const states = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR" +
	" PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP AA AE AP "

// oddState and oddZIP say what is odd about a part of an address; empty: nothing.
func oddState(s string) string {
	if len(s) == 2 && strings.Contains(states, " "+s+" ") {
		return ""
	}
	return "is no US state in two letters, such as TX"
}

func oddZIP(s string) string {
	if zipForm.MatchString(s) {
		return ""
	}
	return "is no ZIP code of 5 or 5-4 digits"
}

func oddEmail(s string) string {
	if emailForm.MatchString(s) {
		return ""
	}
	return "is no email address"
}

var errNothingChanged = errors.New("nothing was changed: LossExpress has these values already")
