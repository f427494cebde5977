package inscipher

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"claimdeck/state/text"
)

// scalar is the text of a string, a number, true or false, or of a list of them; empty for null and for anything else.
// It takes whatever comes, so that one odd value costs no other.
type scalar string

// UnmarshalJSON implements json.Unmarshaler.
func (s *scalar) UnmarshalJSON(raw []byte) error {
	*s = ""
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == 'n':
	case raw[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		var parts []string
		for _, item := range list {
			var part scalar
			if item[0] == '[' { // a list in a list in a list costs the square of its depth
				continue
			}
			if err := part.UnmarshalJSON(item); err != nil {
				return err
			}
			if part != "" {
				parts = append(parts, string(part))
			}
		}
		*s = scalar(strings.Join(parts, ", "))
	case raw[0] == '"':
		var str string
		if err := json.Unmarshal(raw, &str); err != nil {
			return err
		}
		*s = scalar(str)
	default:
		*s = scalar(raw)
	}
	return nil
}

// line is the text made safe to print.
func (s scalar) line() string { return text.Line(string(s)) }

// code reads a whole number. Languages without integers write 0.0 for 0.
func (s scalar) code() (int, bool) {
	digits := strings.TrimSpace(string(s))
	if whole, zeros, ok := strings.Cut(digits, "."); ok && zeros != "" && strings.Trim(zeros, "0") == "" {
		digits = whole
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// UnmarshalJSON reads a row as the service sends it. Whatever is there is taken, what is missing stays empty, and a
// status that is no number is no success but NoStatus.
func (r *Row) UnmarshalJSON(raw []byte) error {
	var w struct {
		ID            scalar   `json:"id"`
		PolicyNumber  scalar   `json:"policy_number"`
		TransactionID scalar   `json:"transaction_id"`
		Status        scalar   `json:"status"`
		StatusMessage scalar   `json:"status_message"`
		Message       scalar   `json:"message"`
		Warnings      warnings `json:"warnings"`
	}
	if isObject(raw) {
		if err := json.Unmarshal(raw, &w); err != nil {
			return err
		}
	} else if err := w.Message.UnmarshalJSON(raw); err != nil { // a row that is only words
		return err
	}
	*r = Row{
		Key: string(w.ID), ID: w.ID.line(), PolicyNumber: w.PolicyNumber.line(), TransactionID: w.TransactionID.line(),
		Status: NoStatus, Code: w.Status.line(), Message: cmp.Or(w.StatusMessage.line(), w.Message.line()), Warnings: w.Warnings,
	}
	if n, ok := w.Status.code(); ok {
		r.Status = n
	}
	return nil
}

// warnings are {field: text}, or a list of texts; PHP also writes an empty object as a list.
type warnings []Warning

// UnmarshalJSON implements json.Unmarshaler.
func (w *warnings) UnmarshalJSON(raw []byte) error {
	*w = nil
	switch raw = bytes.TrimSpace(raw); {
	case isObject(raw):
		var fields map[string]scalar
		if err := json.Unmarshal(raw, &fields); err != nil {
			return err
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			w.add(field, fields[field])
		}
	case bytes.HasPrefix(raw, []byte("[")):
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		for _, item := range list {
			var more warnings
			if item[0] == '[' {
				continue
			}
			if err := more.UnmarshalJSON(item); err != nil {
				return err
			}
			*w = append(*w, more...)
		}
	default:
		var s scalar
		if err := s.UnmarshalJSON(raw); err != nil {
			return err
		}
		w.add("", s)
	}
	return nil
}

func (w *warnings) add(field string, words scalar) {
	if said := words.line(); said != "" {
		*w = append(*w, Warning{Field: text.Line(field), Text: said})
	}
}

// answer is a batch as the service sends it, before it is judged.
type answer struct {
	batchID string
	state   string
	message string
	failed  bool // it says so itself
	listed  bool // there is a list of rows, even an empty one
	rows    []Row
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *answer) UnmarshalJSON(raw []byte) error {
	*a = answer{}
	raw = bytes.TrimSpace(raw)
	if bytes.HasPrefix(raw, []byte("[")) {
		return a.list(raw)
	}
	if !isObject(raw) {
		return errors.New("it is neither a batch nor a list of transactions")
	}
	var w struct {
		ID            scalar          `json:"batch_id"`
		CamelID       scalar          `json:"batchId"`
		Status        scalar          `json:"status"`
		StatusMessage scalar          `json:"status_message"`
		Message       scalar          `json:"message"`
		Error         json.RawMessage `json:"error"`
		Success       scalar          `json:"success"`
		Transactions  json.RawMessage `json:"transactions"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	refusal, failed := reason(w.Error)
	a.batchID = cmp.Or(w.ID.line(), w.CamelID.line())
	a.state = w.Status.line()
	a.message = cmp.Or(w.Message.line(), w.StatusMessage.line(), refusal)
	a.failed = failed || w.Success == "false" || w.Success == "0"
	return a.list(w.Transactions)
}

// reason reads what stands under error: a text or an object with a message. null, false, 0 and "" are no error.
func reason(raw json.RawMessage) (words string, is bool) {
	var s scalar
	var o struct {
		Message scalar `json:"message"`
	}
	if isObject(raw) {
		_ = json.Unmarshal(raw, &o) // an error without a message is one all the same
		return o.Message.line(), true
	}
	if s.UnmarshalJSON(raw) != nil || s == "" || s == "false" || s == "0" {
		return "", false
	}
	return s.line(), true
}

// list reads the rows: a list of them, or an object of them, as PHP writes a list with gaps.
func (a *answer) list(raw json.RawMessage) error {
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0 || string(raw) == "null":
		return nil
	case raw[0] == '[':
		a.listed = true
		return json.Unmarshal(raw, &a.rows)
	case raw[0] == '{':
		a.listed = true
		var byKey map[string]Row
		if err := json.Unmarshal(raw, &byKey); err != nil {
			return err
		}
		for _, key := range slices.SortedFunc(maps.Keys(byKey), func(x, y string) int {
			return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)) // 9 before 10
		}) {
			a.rows = append(a.rows, byKey[key])
		}
		return nil
	}
	return errors.New("its transactions are not a list")
}

func isObject(raw []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }
