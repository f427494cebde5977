package inscipher

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// outcome is what became of one transaction.
type outcome struct {
	id, policy    string
	transactionID int // 0: not accepted
	status        int
	message       string
	warning       string // about the total; empty: it is right
}

// codeNew is a code that the document does not list.
const codeNew = 4711

// transaction is what matters of a row. The service takes what comes; what it does not understand is missing.
type transaction struct {
	ID            text      `json:"id"`
	PolicyNumber  text      `json:"policy_number"`
	Type          text      `json:"transaction_type"`
	Line          text      `json:"transaction_line_of_business"`
	MailingState  text      `json:"mailing_state_code"`
	PhysicalState text      `json:"physical_state_code"`
	SameAddress   text      `json:"physical_same_as_mailing"`
	Documents     documents `json:"transaction_documents"`

	Premium         text `json:"premium"`
	AgencyFee       text `json:"agency_fee"`
	InspectionFee   text `json:"inspection_fee"`
	SLTax           text `json:"sl_tax"`
	StampingFee     text `json:"stamping_fee"`
	SLServiceCharge text `json:"sl_service_charge"`
	MunicipalFee    text `json:"municipal_fee"`
	FMTax           text `json:"fm_tax"`
	Total           text `json:"total"`
}

// text is a string, or the digits of a number.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	switch {
	case raw[0] == '{' || raw[0] == '[' || raw[0] == 'n':
		*t = ""
	case json.Unmarshal(raw, &s) == nil:
		*t = text(s)
	default:
		*t = text(raw)
	}
	return nil
}

// amount is a number, quoted or not; anything else, and what is missing, is 0.
func (t text) amount() decimal.Decimal {
	digits := strings.TrimSpace(string(t))
	if len(digits) > 24 || strings.ContainsAny(digits, "eE") {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(digits)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// documents are the codes of a row's documents.
type documents []string

// UnmarshalJSON implements json.Unmarshaler.
func (d *documents) UnmarshalJSON(raw []byte) error {
	*d = nil
	var list []struct {
		Code text `json:"code"`
	}
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	for _, item := range list {
		*d = append(*d, string(item.Code))
	}
	return nil
}

// state is where the transaction is filed.
func (t *transaction) state() text {
	if t.SameAddress == "0" && t.PhysicalState != "" {
		return t.PhysicalState
	}
	return t.MailingState
}

// judge decides about the nth row of a batch; s.mu is held.
func (s *Server) judge(t *transaction, n int, b Behaviour) outcome {
	o := outcome{id: string(t.ID), policy: string(t.PolicyNumber)}
	s.received[o.id]++
	o.status, o.message = refusal(t, b)
	switch {
	case s.accepted[o.id] > 0 && !b.AcceptDuplicates:
		o.status, o.message = 3001, "Error: duplicate transaction is submitted"
	case b.UnknownCodes && n%3 == 0:
		o.status, o.message = codeNew, "Error: this code is in no document"
	}
	if o.status != 0 {
		return o
	}
	s.accepted[o.id]++
	s.lastID++
	o.transactionID, o.message, o.warning = s.lastID, "Success", totalWarning(t)
	return o
}

// refusal is what the document says about a row by itself; 0: nothing.
func refusal(t *transaction, b Behaviour) (status int, message string) {
	line, err := strconv.Atoi(string(t.Line))
	switch {
	case !slices.Contains([]string{"PN", "PR", "APE", "RPE", "AE", "FC"}, string(t.Type)):
		return 1002, "Error: transaction type not found"
	case err != nil || line < 1001 || line > 1022:
		return 1003, "Error: transaction line of business is missing or invalid"
	case strings.Contains(string(t.ID), "NODEPT"):
		return 1004, "Error: department not found"
	case t.state() == "ZZ":
		return 1005, "Error: unable to assign tax rule"
	}
	needed := b.DocumentCodes
	if needed == nil {
		needed = []string{"POLIC"}
	}
	for _, code := range needed {
		if !slices.Contains(t.Documents, code) {
			return 1001, "Error: missing required document with code '" + code + "'."
		}
	}
	return 0, ""
}

// totalWarning compares the total with the sum of what it should be made of.
func totalWarning(t *transaction) string {
	sum := decimal.Sum(t.Premium.amount(), t.AgencyFee.amount(), t.InspectionFee.amount(), t.SLTax.amount(),
		t.StampingFee.amount(), t.SLServiceCharge.amount(), t.MunicipalFee.amount(), t.FMTax.amount())
	total := t.Total.amount()
	if total.Equal(sum) {
		return ""
	}
	return "Transaction total values don't match. Provided - " + total.StringFixed(2) + ". Calculated - " + sum.StringFixed(2)
}
