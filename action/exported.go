package action

import (
	"maps"
	"slices"
	"strings"

	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// Exported is what the input of a write may say outside of the program: sensitive values are masked, and documents go
// by name and hash.
type Exported struct {
	Values    Values
	Documents []ExportedDocument // by field
	hide      *strings.Replacer
}

// ExportedDocument is a document without the folder it lies in and without its content.
type ExportedDocument struct {
	Field  string `json:"field"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // bytes
	Type   string `json:"type"`
}

// hidden stands for a value of which it is not known whether it is sensitive.
const hidden = "(hidden)"

// shortSecret is how short a sensitive value may be and still be looked for in other texts: anything shorter is found in
// words that have nothing to do with it.
const shortSecret = 4

// Export returns what e may say outside of the program. Of an action that this program does not know every value is
// hidden.
func (r *Registry) Export(e outbox.Entry) (Exported, error) {
	in, err := decodeInput(e.Input)
	if err != nil {
		return Exported{}, err
	}
	a, known := r.Get(e.Action)
	x := Exported{Values: Values{}}
	var pairs []string
	replace := func(secret, shown string) {
		if len(secret) >= shortSecret {
			pairs = append(pairs, secret, shown)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Values)) {
		i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Name == name })
		for _, v := range in.Values[name] {
			shown := v
			switch {
			case !known || i < 0:
				shown = hidden
			case a.Fields[i].Kind == File:
				shown = nameOf(v)
				replace(v, shown)
			case a.Fields[i].Sensitive || activity.SensitiveName(name):
				shown = activity.Mask(v)
				replace(v, shown)
			}
			x.Values[name] = append(x.Values[name], shown)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Files)) {
		d := in.Files[name]
		x.Documents = append(x.Documents, ExportedDocument{name, nameOf(d.Path), d.SHA256, d.Size, d.Type})
		replace(d.Path, nameOf(d.Path))
	}
	x.hide = strings.NewReplacer(pairs...)
	return x, nil
}

// Hide takes the sensitive values out of another text of the write, such as what the service said of them.
func (x Exported) Hide(text string) string { return x.hide.Replace(text) }
