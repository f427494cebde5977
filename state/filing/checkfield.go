package filing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"claimdeck/state/config/nearest"
	"claimdeck/state/money"
)

func checkID(f *facts) []Problem {
	if v := f.values[fieldID]; v.shape == aText || v.shape == aNumber {
		return nil
	}
	return []Problem{{Field: fieldID, Reason: "the row has no id", Fix: "give it an id of its own: a text of at most 255 characters"}}
}

func checkUTF8(f *facts) []Problem {
	var problems []Problem
	for _, m := range f.row.members {
		if !utf8.Valid(m.Value) || !utf8.ValidString(m.Name) {
			problems = append(problems, Problem{
				Field: strings.ToValidUTF8(m.Name, "?"), Value: valueOf(m.Value).text, Reason: "it holds bytes that are no UTF-8 text",
				Fix: "save the file as UTF-8 (in Excel: CSV UTF-8), or type the value again",
			})
		}
	}
	return problems
}

func checkTwice(f *facts) []Problem {
	var problems []Problem
	seen := map[string]int{}
	for _, m := range f.row.members {
		if seen[m.Name]++; seen[m.Name] == 2 {
			problems = append(problems, Problem{
				Field: m.Name, Value: valueOf(m.Value).text, Reason: "the field is there twice, and which one counts is not known",
				Fix: "remove one of the two, or type the value again",
			})
		}
	}
	return problems
}

func checkCells(f *facts) []Problem {
	if len(f.row.extra) == 0 {
		return nil
	}
	return []Problem{{
		Value:  strings.Join(f.row.extra, ", "),
		Reason: fmt.Sprintf("the row has more cells than the %d columns of the file: the last would not be sent", len(f.row.sheet.columns)),
		Fix:    "a comma inside a value needs quotes around the value: look where the cells have shifted",
	}}
}

func checkRequired(f *facts) []Problem {
	return f.lacking(func(field Field) string {
		if field.Need == Required && field.Name != fieldID {
			return "it is required and empty"
		}
		return ""
	})
}

func checkExpected(f *facts) []Problem {
	return f.lacking(func(field Field) string {
		if field.Need == Expected {
			return "it is empty, and the document does not call it optional"
		}
		return ""
	})
}

// checkType finds what can be no value of its field at all; a number as a text and a text as a number are odd only.
func checkType(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		want := "a text"
		ok := v.shape == aText || v.shape == aNumber
		switch field.Kind {
		case Amount, Flag:
			want = "a number"
			ok = ok || v.shape == aBool && field.Kind == Flag // the flag's own check proposes 1 or 0
		case Documents:
			want, ok = "a list of documents", v.shape == aList
		case Text, Date, Choice, USState:
		}
		return Problem{Reason: "it has to be " + want, Fix: "type " + want}, !ok
	})
}

func checkQuoted(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		switch field.Kind {
		case Amount, Flag:
			return Problem{Reason: "it is written as a text, and the document shows a number", Fix: "write it without quotes", Proposal: v.text},
				v.shape == aText && isNumber(v.text)
		case Documents:
			return Problem{}, false
		case Text, Date, Choice, USState:
		}
		return Problem{Reason: "it is written as a number, and the document shows a text", Fix: "write it in quotes", Proposal: v.text},
			v.shape == aNumber
	})
}

func checkLength(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		n := utf8.RuneCountInString(v.text)
		if field.Length == 0 || n <= field.Length || v.shape != aText && v.shape != aNumber {
			return Problem{}, false
		}
		return Problem{
			Reason: fmt.Sprintf("it has %d characters, and at most %d fit", n, field.Length),
			Fix:    "shorten it", Proposal: shorten(v.text, field),
		}, true
	})
}

// shorten proposes the beginning of a text; never of an id or a policy number, which would be another one.
func shorten(s string, field Field) string {
	if field.Name == fieldID || field.Name == fieldPolicy {
		return ""
	}
	return strings.TrimSpace(string([]rune(s)[:field.Length]))
}

func checkDate(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Kind != Date || v.shape != aText && v.shape != aNumber {
			return Problem{}, false
		}
		if _, err := time.Parse(time.DateOnly, v.text); err == nil {
			return Problem{}, false
		}
		if dayForm.MatchString(v.text) {
			return Problem{Reason: "there is no such day", Fix: "correct the month or the day"}, true
		}
		return Problem{Reason: "it is no day written yyyy-mm-dd", Fix: "type it as 2017-02-01", Proposal: dayOf(v.text)}, true
	})
}

// dayForm is how a day is written, whether it exists or not.
var dayForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// dayOf proposes what a date of another form most likely means; in the United States the month comes first.
func dayOf(s string) string {
	for _, layout := range []string{"1/2/2006", "1-2-2006", "20060102", "2006/1/2", "2006-1-2", time.RFC3339, "2006-01-02 15:04:05", "Jan 2, 2006", "January 2, 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// largest is the largest decimal(12,2).
var largest = decimal.New(999_999_999_999, -2)

func checkAmount(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Kind != Amount || v.shape != aText && v.shape != aNumber {
			return Problem{}, false
		}
		d, ok := money.Number(v.text)
		switch {
		case !ok || !isNumber(v.text):
			return Problem{Reason: "it is no amount", Fix: "type digits and a point, such as 3900.00", Proposal: amountOf(v.text)}, true
		case !d.Equal(d.Round(2)):
			return Problem{Reason: "it has more than two decimals", Fix: "round it to cents as the policy does"}, true
		case d.Abs().GreaterThan(largest):
			return Problem{Reason: "it is larger than 9,999,999,999.99", Fix: "check the amount"}, true
		}
		return Problem{}, false
	})
}

func amountOf(s string) string {
	d, err := money.Parse(s)
	if err != nil || !d.Equal(d.Round(2)) {
		return ""
	}
	return d.StringFixed(2)
}

func checkFlag(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Kind != Flag || v.shape == aList || v.shape == anObject {
			return Problem{}, false
		}
		d, ok := money.Number(v.text)
		ok = ok && isNumber(v.text) && (d.IsZero() || d.Equal(decimal.NewFromInt(1)))
		return Problem{Reason: "it is neither 0 nor 1", Fix: "type 1 for yes, 0 for no", Proposal: flagOf(v.text)}, !ok
	})
}

func flagOf(s string) string {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "x":
		return "1"
	case "no", "n", "false":
		return "0"
	}
	return ""
}

func checkCode(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Kind != Choice || v.shape != aText && v.shape != aNumber || isNewer(field, v.text) {
			return Problem{}, false
		}
		if _, ok := lookup(field.Codes, v.text); ok {
			return Problem{}, false
		}
		return Problem{Reason: "it is no code of the list", Fix: "choose one of " + values(field.Codes), Proposal: codeOf(field.Codes, v.text)}, true
	})
}

func values(codes []Code) string {
	var list []string
	for _, c := range codes {
		if !c.Newer {
			list = append(list, c.Value)
		}
	}
	if len(list) > 8 {
		return list[0] + " to " + list[len(list)-1]
	}
	return strings.Join(list, ", ")
}

// codeOf proposes a code for one in another case, or for its name.
func codeOf(codes []Code, s string) string {
	i := slices.IndexFunc(codes, func(c Code) bool { return !c.Newer && (strings.EqualFold(c.Value, s) || strings.EqualFold(c.Name, s)) })
	if i < 0 {
		return ""
	}
	return codes[i].Value
}

// newerLine is how newer versions of the service name a line of business.
var newerLine = regexp.MustCompile(`^[A-Z]{2,5}-[0-9]{4}$`)

func isNewer(field Field, s string) bool {
	c, ok := lookup(field.Codes, s)
	return ok && c.Newer || field.Name == "transaction_line_of_business" && newerLine.MatchString(s)
}

func checkNewer(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		return Problem{Reason: "only newer versions of InsCipher know this code", Fix: "make sure that your account knows it"},
			field.Kind == Choice && isNewer(field, v.text)
	})
}

func checkState(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if field.Kind != USState || v.shape != aText || twoLetters(v.text) {
			return Problem{}, false
		}
		return Problem{Reason: "it is no state of two letters", Fix: "type two letters, such as CA", Proposal: codeOf(field.Codes, v.text)}, true
	})
}

func twoLetters(s string) bool { return len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func checkPlace(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		if _, ok := lookup(field.Codes, v.text); ok || field.Kind != USState || !twoLetters(v.text) {
			return Problem{}, false
		}
		return Problem{Reason: "it is no state, district or territory of the United States", Fix: "check the two letters", Proposal: codeOf(field.Codes, v.text)}, true
	})
}

func checkSpace(f *facts) []Problem {
	return f.each(func(_ Field, v value) (Problem, bool) {
		return Problem{Reason: "it has space around it", Fix: "remove the space", Proposal: v.text}, v.padded
	})
}

func checkUnknown(f *facts) []Problem {
	var problems []Problem
	for _, m := range f.row.members {
		if _, known := fieldRank[m.Name]; known {
			continue
		}
		hint := ""
		if len(problems) < maxHints {
			hint = nearest.Hint(shown(m.Name), fieldNames())
		}
		problems = append(problems, Problem{
			Field: m.Name, Value: valueOf(m.Value).text, Reason: "the document knows no such field; it is sent as it is",
			Fix: "check the name" + hint,
		})
	}
	return problems
}

// maxHints bounds what a row of nothing but unknown fields costs.
const maxHints = 10

func fieldNames() []string {
	names := make([]string, len(fieldTable))
	for i, f := range fieldTable {
		names[i] = f.Name
	}
	return names
}

// rounded is a number as spreadsheets shorten it.
var rounded = regexp.MustCompile(`^[0-9]([.,][0-9]+)?E\+[0-9]+$`)

func checkRounded(f *facts) []Problem {
	return f.each(func(field Field, v value) (Problem, bool) {
		return Problem{Reason: "a spreadsheet seems to have shortened it", Fix: "make the column a text column, type the value again and save again"},
			(field.Name == fieldID || field.Name == fieldPolicy) && rounded.MatchString(strings.ToUpper(v.text))
	})
}
