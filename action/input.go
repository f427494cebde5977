package action

import (
	"encoding/json"
	"fmt"
)

// input is what an outbox entry keeps of a form: values as typed, and which document was meant.
type input struct {
	Values Values              `json:"values"`
	Files  map[string]Document `json:"files,omitempty"` // by field name
}

// EncodeInput returns the values of a's fields for the journal. Documents are kept by path and hash, never by content;
// values of other names are left out.
func EncodeInput(a Action, v Values, docs map[string]Document) (json.RawMessage, error) {
	in := input{Values: Values{}, Files: docs}
	for _, f := range a.Fields {
		if len(v[f.Name]) > 0 {
			in.Values[f.Name] = v[f.Name]
		}
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("%s: what was typed cannot be journaled: %w", a.Title, err)
	}
	return raw, nil
}

// DecodeInput returns the values in the journal, as the form takes them: of a document its path.
func DecodeInput(raw json.RawMessage) (Values, error) {
	in, err := decodeInput(raw)
	return in.Values, err
}

func decodeInput(raw json.RawMessage) (input, error) {
	in := input{Values: Values{}}
	if len(raw) == 0 {
		return in, nil
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, fmt.Errorf("what was typed cannot be read from the journal: %w", err)
	}
	return in, nil
}

// first returns the value of a field that has one.
func (v Values) first(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}
