package activity

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"unicode/utf8"

	"claimdeck/state/text"
)

func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/documents/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, typ := range Types() {
		for _, data := range []string{`null`, `[]`, `{"orders":[null,{}],"updatedOrder":null,"update":{"vehicle":null}}`, `{"message":"\u001b]52;c;eA==\u0007\u202e"}`} {
			f.Add([]byte(`{"activityId":"x","type":"` + string(typ) + `","data":` + data + `}`))
		}
	}
	f.Fuzz(checkDecode)
}

func checkDecode(t *testing.T, raw []byte) {
	a, err := Decode(raw)
	if err != nil {
		var envelope struct {
			ActivityID string `json:"activityId"`
		}
		if json.Unmarshal(raw, &envelope) == nil && text.Line(envelope.ActivityID) == "x" {
			t.Errorf("refused %s: %v", raw, err)
		}
		return
	}
	if a.ID == "" || a.Data == nil || string(a.Raw) != string(raw) {
		t.Errorf("%+v", a)
	}
	said := a.Summary()
	if said == "" || said != text.Line(said) || utf8.RuneCountInString(said) > maxSummary {
		t.Errorf("summary %q", said)
	}
	a.Facts()
	a.FromLossExpress()
	a.Tone()
	if d, ok := a.Data.(ClaimChange); ok {
		d.Changes()
	}
	safe(t, reflect.ValueOf(a.Data))
}

// safe checks every text inside v: it must be what package text made of it.
func safe(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); text.Block(s) != s {
			t.Errorf("unsafe text %q", s)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			safe(t, field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			safe(t, v.Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			safe(t, v.Elem())
		}
	default:
	}
}
