package inscipher

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
)

// row is an outcome as it is answered.
type row struct {
	ID            any    `json:"id"`
	PolicyNumber  string `json:"policy_number"`
	TransactionID int    `json:"transaction_id,omitempty"`
	Status        any    `json:"status"`
	StatusMessage string `json:"status_message"`
	Warnings      any    `json:"warnings,omitempty"`
}

// rows puts outcomes into the form that the switches ask for. Only results, of queued batches, have transaction ids and
// warnings.
func (s *Server) rows(batchID string, outcomes []outcome, b Behaviour, results bool) any {
	list := make([]row, 0, len(outcomes)+2)
	for n, o := range outcomes {
		if b.MissingRows && n%3 == 1 {
			continue
		}
		list = append(list, o.row(n, b, results))
	}
	if b.RepeatRows && len(list) > 0 {
		list = append(list, list[0])
	}
	if b.ExtraRows {
		list = append(list, outcome{id: "NOT-YOURS-" + batchID[:8], policy: "XX 0000", message: "Success"}.row(0, b, results))
	}
	if b.Shuffle {
		h := fnv.New64a()
		_, _ = h.Write([]byte(batchID))                         // cannot fail
		rng := rand.New(rand.NewPCG(s.options.Seed, h.Sum64())) //nolint:gosec // the order has to be reproducible
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	if !b.RowsAsObject {
		return list
	}
	byIndex := make(map[string]row, len(list))
	for i, r := range list {
		byIndex[strconv.Itoa(i)] = r
	}
	return byIndex
}

func (o outcome) row(n int, b Behaviour, results bool) row {
	r := row{ID: o.id, PolicyNumber: o.policy, Status: o.status, StatusMessage: o.message}
	if results {
		r.TransactionID = o.transactionID
		r.Warnings = o.warnings(n, b)
	}
	if b.NumberIDs && isNumber(o.id) {
		r.ID = json.Number(o.id)
	}
	if b.StringStatus {
		r.Status = strconv.Itoa(o.status)
	}
	if b.HostileText {
		r.PolicyNumber += hostile(n)
		r.StatusMessage += hostile(n + 1)
	}
	return r
}

// warnings are {field: text}, or a list; nil: none are mentioned.
func (o outcome) warnings(n int, b Behaviour) any {
	said := o.warning
	if said != "" && b.HostileText {
		said += hostile(n + 2)
	}
	switch {
	case b.WarningList && said == "":
		return []string{}
	case b.WarningList:
		return []string{said}
	case said == "":
		return nil
	}
	return map[string]string{"total": said}
}

// isNumber reports whether s can be written as a JSON number and read back unchanged.
func isNumber(s string) bool {
	return s == "0" || s != "" && len(s) < 16 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// hostile returns the nth variant of hostile text.
func hostile(n int) string {
	variants := [...]string{
		"\x1b[2J\x1b[31m\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x1b\\",
		"\u009b31m\u009d0;owned\u009c\u0090x\u009c\u0085",
		"\u202eevil\u202c\u2066left\u2069\u200f",
		"ze\u200bro\u200dwi\ufeffdth\u00ad",
		" 漢字かな交じり文 \U0001F469\u200D\U0001F467 Z\u0351\u036b\u0343 ",
		"\r\nforged line\n\ttabbed\x00\x08\x7f\u2028next",
		strings.Repeat(" endless", 600),
	}
	return variants[n%len(variants)]
}
