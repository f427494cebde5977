package filing

import (
	"claimdeck/state/text"
)

// Level is how grave a problem is.
type Level string

// The levels.
const (
	Error   Level = "error"   // the row is held back
	Warning Level = "warning" // the row is sent
)

// Problem is one thing that is wrong, or odd, with a row.
type Problem struct {
	Rule     string `json:"rule"`            // id of the rule, such as "total"
	Field    string `json:"field,omitempty"` // as it is sent; empty: the row as a whole
	Level    Level  `json:"level"`
	Reason   string `json:"reason"`             // what is wrong, in words
	Value    string `json:"value,omitempty"`    // what stands there
	Fix      string `json:"fix,omitempty"`      // what to do
	Proposal string `json:"proposal,omitempty"` // a value that would do, for Edit; empty: none is known
	// Override says that a person may have the row sent all the same: the service decides, a check only delays.
	Override bool `json:"override,omitempty"`
}

// Blocks reports whether the problem holds a row back; override is what the person chose.
func (p Problem) Blocks(override bool) bool { return p.Level == Error && (!p.Override || !override) }

// Blocks reports whether any of the problems holds a row back.
func Blocks(problems []Problem, override bool) bool {
	for _, p := range problems {
		if p.Blocks(override) {
			return true
		}
	}
	return false
}

// Rule is one rule of the check.
type Rule struct {
	ID       string
	Level    Level
	Override bool   // a person may have the row sent all the same
	Help     string // the rule in words, and where it is from

	check func(f *facts) []Problem
}

// Rules returns every rule that looks at one row, in the order they are applied. Repeated ids are found over a whole
// source: Survey.
//
// Errors hold a row back: what the document requires or types, and what cannot be sent as it stands. Warnings do not: today's
// service only warns of totals, and the taxes of a state are its own business. Nearly every error may be overridden.
func Rules() []Rule {
	return []Rule{
		{"id", Error, false, "A transaction needs an id: answers are matched by it.", checkID},
		{"utf8", Error, false, "Text must be UTF-8: JSON can carry nothing else.", checkUTF8},
		{"twice", Error, true, "A field may be there once.", checkTwice},
		{"cells", Error, true, "A CSV row may have as many cells as there are columns.", checkCells},
		{"required", Error, true, "Fields that identify the policy, its taxes and its insured must be filled in.", checkRequired},
		{"type", Error, true, "A field has the type of the document: text, number, list.", checkType},
		{"length", Error, true, "A text may have the length of the document, in characters.", checkLength},
		{"date", Error, true, "Dates are real days, written yyyy-mm-dd.", checkDate},
		{"amount", Error, true, "Amounts are decimal(12,2): two decimals, up to 9,999,999,999.99 either way.", checkAmount},
		{"flag", Error, true, "Yes is 1, no is 0.", checkFlag},
		{"code", Error, true, "Transaction type, written as and line of business are codes of the document.", checkCode},
		{"state", Error, true, "States have two letters.", checkState},
		{"document", Error, true, "A document has a code and a full URL that InsCipher can download.", checkDocuments},
		{"commission", Error, true, "New Hampshire requires commission_received.", checkCommission},
		{"utah", Error, true, "Utah requires exempt, export_list and multi_state.", checkUtah},

		{"expected", Warning, true, "Fields that the document does not call optional are usually filled in.", checkExpected},
		{"number", Warning, true, "Numbers are sent as numbers, text as text.", checkQuoted},
		{"space", Warning, true, "Ids and codes have no space around them.", checkSpace},
		{"unknown", Warning, true, "Fields that the document does not know are sent as they are.", checkUnknown},
		{"newer", Warning, true, "Some codes are known to newer versions of the service only.", checkNewer},
		{"place", Warning, true, "State codes are those of a state, the district or a territory.", checkPlace},
		{"rounded", Warning, true, "Spreadsheets shorten long numbers: 2.01703E+11 is no id.", checkRounded},
		{"total", Warning, true, "total = premium + all taxes + all fees, to the cent.", checkTotal},
		{"group", Warning, true, "A risk purchasing group has a name and a risk description.", checkGroup},
		{"fee", Warning, true, "In New Hampshire no policy fee goes with a received commission (tax rule 33).", checkFee},
		{"only", Warning, true, "sl_service_charge is of Oregon, municipal_fee of Kentucky, fm_tax of Illinois.", checkOnly},
		{"physical", Warning, true, "Another physical than mailing address has to be given.", checkPhysical},
		{"document-id", Warning, true, "Document ids are unique.", checkDocumentIDs},
	}
}

// ruleTable never changes.
var ruleTable = Rules()

// facts are what the rules look at.
type facts struct {
	row    Row
	values map[string]value // the last of a name
	docs   []document
	state  string // whose taxes apply; empty: not known
}

func factsOf(r Row) *facts {
	f := &facts{row: r, values: make(map[string]value, len(r.members)), docs: r.documents()}
	for _, m := range r.members {
		f.values[m.Name] = valueOf(m.Value)
	}
	f.state = f.filingState()
	return f
}

// filingState is the state whose taxes apply: that of the risk, which is the mailing address unless another is given. The
// document does not say it in so many words.
func (f *facts) filingState() string {
	if s := f.values[fieldPhysState]; s.shape == aText && f.values[fieldSame].text != "1" {
		return s.text
	}
	return f.values[fieldMailState].text
}

// Check returns what is wrong with a row, errors first. No problems: nil.
func Check(r Row) []Problem {
	f := factsOf(r)
	var problems []Problem
	for _, rule := range ruleTable {
		for _, p := range rule.check(f) {
			p.Rule, p.Level, p.Override = rule.ID, rule.Level, rule.Override
			p.Value, p.Reason = text.Line(shown(p.Value)), text.Line(p.Reason)
			problems = append(problems, p)
		}
	}
	return problems
}

// each applies a check to every field that is there.
func (f *facts) each(check func(field Field, v value) (Problem, bool)) []Problem {
	var problems []Problem
	for _, field := range fieldTable {
		v := f.values[field.Name]
		if v.shape == absent {
			continue
		}
		if p, wrong := check(field, v); wrong {
			p.Field, p.Value = field.Name, v.text
			problems = append(problems, p)
		}
	}
	return problems
}

// lacking applies a check to every field that is not there.
func (f *facts) lacking(reason func(field Field) string) []Problem {
	var problems []Problem
	for _, field := range fieldTable {
		v := f.values[field.Name]
		empty := v.shape == absent || v.shape == aList && len(f.docs) == 0 && field.Kind == Documents
		if !empty {
			continue
		}
		if why := reason(field); why != "" {
			problems = append(problems, Problem{Field: field.Name, Reason: why, Fix: "fill it in: " + field.Help})
		}
	}
	return problems
}
