package filing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"claimdeck/state/filing"
)

func TestDocumentSample(t *testing.T) {
	t.Parallel()
	r := good(t)
	if got := filing.Check(r); got != nil {
		t.Errorf("the document's own sample has problems: %+v", got)
	}
	if r.ID() != "201702028950" || r.PolicyNumber() != "CA20170228-05" || r.DocumentCount() != 2 || r.Text("transaction_documents.2.code") != "POLIC" {
		t.Errorf("%s %s %d", r.ID(), r.PolicyNumber(), r.DocumentCount())
	}
	if !strings.Contains(string(r.JSON()), `"premium":3900.00,"agency_fee":200.00,`) {
		t.Errorf("the numbers lost their text: %s", r.JSON())
	}
	if r.Where() != "document.json row 1 (line 1)" {
		t.Error(r.Where())
	}
}

const twoRows = `id,policy_number,premium,rpg,Mailing City,mailing_zip_code,note,transaction_documents.1.code,transaction_documents.1.url,transaction_documents.1.id
A1, P-1 ,3900.00,0,"San ""Jose""",00123,,POLIC,https://x.example/a,12
A2,P-2,"3,900.00",yes,"two
lines",95678,seen,,,
`

func TestReadCSV(t *testing.T) {
	t.Parallel()
	variants := map[string]string{
		"plain":      twoRows,
		"bom":        "\ufeff" + twoRows,
		"no end":     strings.TrimSuffix(twoRows, "\n"),
		"semicolons": strings.ReplaceAll(strings.ReplaceAll(twoRows, `"3,900.00"`, "3!900.00"), ",", ";"),
		"trailing":   strings.ReplaceAll(strings.ReplaceAll(twoRows, "\nA", "\n,,,\n\nA"), "12\n", "12,,\n"),
	}
	for name, content := range variants {
		content = strings.ReplaceAll(content, "!", ",")
		for _, end := range []string{"\n", "\r\n"} {
			rows := readAll(t, "a.csv", strings.ReplaceAll(content, "\n", end))
			if len(rows) != 2 {
				t.Fatalf("%s: %d rows", name, len(rows))
			}
			want := `{"id":"A1","policy_number":"P-1","premium":3900.00,"rpg":0,"mailing_city":"San \"Jose\"","mailing_zip_code":"00123","transaction_documents":[{"code":"POLIC","url":"https://x.example/a","id":12}]}`
			if got := string(rows[0].JSON()); got != want {
				t.Errorf("%s: %s", name, got)
			}
			want = `{"id":"A2","policy_number":"P-2","premium":"3,900.00","rpg":"yes","mailing_city":"two\nlines","mailing_zip_code":"95678","note":"seen"}`
			if got := string(rows[1].JSON()); got != want {
				t.Errorf("%s: %s", name, got)
			}
			if line := rows[1].Position; name != "trailing" && line != (filing.Position{Row: 2, Line: 3}) {
				t.Errorf("%s: %+v", name, line)
			}
		}
	}
	again := readAll(t, "a.csv", "id,transaction_documents.code,transaction_documents.code\n1,A,B\n")[0]
	if again.Text("transaction_documents.2.code") != "B" {
		t.Errorf("columns that repeat: %s", again.JSON())
	}
}

func TestReadJSON(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"list": `[{"id":"1"},{"id":"2"}]`, "bom": "\ufeff[{\"id\":\"1\"},{\"id\":\"2\"}]", "comma": "[{\"id\":\"1\"},\r\n{\"id\":\"2\"},\r\n]",
		"lines": "{\"id\":\"1\"}\n{\"id\":\"2\"}", "nested": `[{"id":"1","x":[{"y":"}]"}]},{"id":"2"}]`,
	} {
		rows := readAll(t, "a.json", content)
		if len(rows) != 2 || rows[0].ID() != "1" || rows[1].ID() != "2" || rows[1].Position.Row != 2 {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	one := readAll(t, "typed", "\n {\"id\": \"1\",\n \"zz\": 1.50, \"a\": null}")
	if len(one) != 1 || string(one[0].JSON()) != `{"id":"1","zz":1.50,"a":null}` || one[0].Position.Line != 2 {
		t.Errorf("%s", one[0].JSON())
	}
}

func TestSyntaxErrorsNameLineAndRemedy(t *testing.T) {
	t.Parallel()
	cases := []struct {
		file, content string
		line, rows    int
		words         string
	}{
		{"a.json", "", 1, 0, "empty"},
		{"a.json", "[{\"id\":\"1\"},\n{\"id\":\"2\"", 2, 1, "not closed"},
		{"a.json", "[{\"id\":\"1\"}\n", 2, 1, "without ]"},
		{"a.json", "[{\"id\":\"1\"},\n\n{\"id\": ,\"x\":1},{\"id\":\"2\"}]", 3, 2, "comma too many"},
		{"a.json", "[{\"id\":\"1\",\n\"url\": \",\n\"id\": 1}]", 2, 0, "a text is not closed"},
		{"a.json", "[{\"id\":\"1\"}] x", 1, 1, `no transaction: "x"`},
		{"a.json", "[1]", 1, 0, "list of objects"},
		{"a.json", `{"id":"` + strings.Repeat("x", 2<<20), 1, 0, "megabyte"},
		{"a.csv", "", 1, 0, "names of the fields"},
		{"a.csv", "1,2,3\n4,5,6\n", 1, 0, "first line"},
		{"a.csv", "id,id\n", 1, 0, "there twice"},
		{"a.csv", "id,,premium\n1,2,3\n", 1, 0, "no name"},
		{"a.csv", "id,premium\n1,2\n3,a\"b\n4,5\n", 3, 1, "quote inside"},
		{"a.csv", "id,premium\n1,2\n3,\"b\n4,5\n", 3, 1, "not closed"},
		{"a.csv", "id,premium\n1,2\n3,\"" + strings.Repeat("x,y\n", 1<<19), 3, 1, "megabyte"},
		{"a.csv", "\xff\xfei\x00d\x00", 1, 0, "UTF-16"},
		{"a.csv", "PK\x03\x04", 0, 0, "workbook"},
	}
	for i, c := range cases {
		rows, errs := read(t, c.file, c.content)
		if len(rows) != c.rows || len(errs) != 1 {
			t.Errorf("%d: %d rows, %v", i, len(rows), errs)
			continue
		}
		e, ok := errors.AsType[*filing.SyntaxError](errs[0])
		if !ok || e.Line != c.line || e.File != c.file || !strings.Contains(e.Error(), c.words) || e.Fix == "" {
			t.Errorf("%d: line %d: %v", i, e.Line, errs[0])
		}
	}
}

func TestFoldersAndBrokenFiles(t *testing.T) {
	t.Parallel()
	disk := fstest.MapFS{
		"in/a.csv": {Data: []byte("id,premium\n1,2\n")}, "in/b.json": {Data: []byte("[{")}, "in/c.CSV": {Data: []byte("id\n3\n")},
		"in/d.csv": {Data: []byte("id\nold\n")}, "in/d.fixed.csv": {Data: []byte("id\n4\n")}, "in/.hidden.csv": {Data: []byte("id\n9\n")},
		"in/readme.txt": {Data: []byte("id\n9\n")}, "none/x.txt": {}, "one.json": {Data: []byte(`{"id":"5"}`)},
	}
	files, err := filing.Find(disk, "in", "one.json", "in/a.csv")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"in/a.csv", "in/b.json", "in/c.CSV", "in/d.fixed.csv", "one.json"}; !slices.Equal(files.Names(), want) {
		t.Errorf("%v", files.Names())
	}
	var ids []string
	var bad []error
	for r, err := range files.Rows(t.Context()) {
		if err != nil {
			bad = append(bad, err)
			continue
		}
		ids = append(ids, r.ID())
	}
	if !slices.Equal(ids, []string{"1", "3", "4", "5"}) || len(bad) != 1 || !strings.Contains(bad[0].Error(), "b.json line 1") {
		t.Errorf("%v %v", ids, bad)
	}
	for _, path := range []string{"nowhere", "none"} {
		if _, err := filing.Find(disk, path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestHashIsOfTheContent(t *testing.T) {
	t.Parallel()
	same := []string{
		`{"id":"1","premium":3900.00,"rpg":0,"transaction_documents":[{"code":"A","url":"u"}]}`,
		`{"rpg":0,"premium":3.9e3,"id":" 1","note":null,"mailing_city":"","transaction_documents":[{"url":"u","code":"A"}]}`,
	}
	rows := append(readAll(t, "a.json", "["+strings.Join(same, ",")+"]"),
		readAll(t, "a.csv", "premium,id,rpg,transaction_documents.1.code,transaction_documents.1.url\n3900,1,0,A,u\n")...)
	for _, r := range rows {
		if r.Hash() != rows[0].Hash() {
			t.Errorf("%s has another hash", r.JSON())
		}
	}
	for _, other := range []string{`{"id":"1"}`, `{"id":"1","premium":3900.01,"rpg":0,"transaction_documents":[{"code":"A","url":"u"}]}`} {
		if readAll(t, "a.json", other)[0].Hash() == rows[0].Hash() {
			t.Errorf("%s has the same hash", other)
		}
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	r := readAll(t, "a.json", `{"zz":1,"id":"1","id":"2","total":"x"}`)[0]
	r = edit(t, r, "premium", "12.50", "id", "3", "total", "", "transaction_documents.1.code", "POLIC", "transaction_documents.1.id", "7", "rpg", "maybe")
	if got, want := string(r.JSON()), `{"id":"3","rpg":"maybe","premium":12.50,"transaction_documents":[{"code":"POLIC","id":7}],"zz":1}`; !sameFields(got, want) {
		t.Errorf("%s", got)
	}
	r = edit(t, r, "transaction_documents.1.code", "", "transaction_documents.1.id", "")
	if r.DocumentCount() != 0 || strings.Contains(string(r.JSON()), "documents") {
		t.Errorf("an empty document stays: %s", r.JSON())
	}
	for _, name := range []string{"", "transaction_documents", "transaction_documents.5.url"} {
		if _, err := filing.Edit(r, name, "x"); err == nil {
			t.Errorf("%q was edited", name)
		}
	}
	two := edit(t, filing.Row{}, "transaction_documents.1.code", "A", "transaction_documents.2.code", "B")
	if got := string(filing.RemoveDocument(two, 1).JSON()); got != `{"transaction_documents":[{"code":"B"}]}` {
		t.Error(got)
	}
}

func sameFields(got, want string) bool {
	var x, y map[string]any
	return json.Unmarshal([]byte(got), &x) == nil && json.Unmarshal([]byte(want), &y) == nil && fmt.Sprint(x) == fmt.Sprint(y)
}

func TestRewriteKeepsTheOthers(t *testing.T) {
	t.Parallel()
	content := "id,premium,note\r\n1,10.00,\"a \"\"b\"\"\"\r\n\r\n2, x ,c\r\n3,1,d"
	rows := readAll(t, "a.csv", content)
	out, err := filing.Rewrite([]byte(content), []filing.Row{edit(t, rows[2], "note", "e,f"), edit(t, rows[1], "premium", "2")})
	if want := "id,premium,note\r\n1,10.00,\"a \"\"b\"\"\"\r\n\r\n2,2,c\r\n3,1,\"e,f\""; string(out) != want || err != nil {
		t.Errorf("%q %v", out, err)
	}
	out, err = filing.Rewrite([]byte(content), []filing.Row{edit(t, rows[1], "commission_received", "1", "transaction_documents.1.code", "P")})
	want := "id,premium,note,commission_received,transaction_documents.1.code\r\n1,10.00,\"a \"\"b\"\"\",,\r\n\r\n2,x,c,1,P\r\n3,1,d,,"
	if string(out) != want || err != nil {
		t.Errorf("%q %v", out, err)
	}
	doc := "[\n  {\n    \"id\": \"1\",\n    \"x\": [1, 2]\n  },\n  {\"id\":\"2\"}\n]\n"
	rows = readAll(t, "a.json", doc)
	out, err = filing.Rewrite([]byte(doc), []filing.Row{edit(t, rows[0], "premium", "5"), edit(t, rows[1], "id", "3")})
	want = "[\n  {\n    \"id\": \"1\",\n    \"premium\": 5,\n    \"x\": [\n      1,\n      2\n    ]\n  },\n  {\"id\":\"3\"}\n]\n"
	if string(out) != want || err != nil {
		t.Errorf("%s %v", out, err)
	}
	if _, err := filing.Rewrite([]byte(" "+doc), rows); err == nil || !strings.Contains(err.Error(), "changed since") {
		t.Errorf("a file that changed: %v", err)
	}
	if _, err := filing.Rewrite([]byte(doc), []filing.Row{rows[0], rows[0]}); err == nil {
		t.Error("a row was replaced twice")
	}
	ragged := "id,premium\n1,2,3\n4,5\n"
	rows = readAll(t, "a.csv", ragged)
	if _, err := filing.Rewrite([]byte(ragged), []filing.Row{edit(t, rows[1], "rpg", "1")}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a column over shifted cells: %v", err)
	}
}

func TestSave(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "june.csv")
	if err := os.WriteFile(path, []byte("id,premium\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := edit(t, readAll(t, path, "id,premium\n1,2\n")[0], "premium", "3")
	check := func(o filing.SaveOptions, name string) {
		t.Helper()
		got, err := filing.Save(filing.OS{}, path, []filing.Row{r}, o)
		content, readErr := os.ReadFile(name)
		if err != nil || readErr != nil || got != name || string(content) != "id,premium\n1,3\n" {
			t.Errorf("%s %q %v %v", got, content, err, readErr)
		}
	}
	check(filing.SaveOptions{}, filing.FixedName(path))
	if content, _ := os.ReadFile(path); string(content) != "id,premium\n1,2\n" {
		t.Error("the person's file was changed")
	}
	if _, err := filing.Save(filing.OS{}, path, []filing.Row{r}, filing.SaveOptions{}); !errors.Is(err, filing.ErrFixedExists) {
		t.Errorf("over earlier corrections: %v", err)
	}
	check(filing.SaveOptions{Replace: true}, filing.FixedName(path))
	check(filing.SaveOptions{InPlace: true}, path)
	if filing.FixedName("a/b.fixed.json") != "a/b.fixed.json" {
		t.Error("a mended file is mended beside itself")
	}
}

// rowGen makes rows whose values are plain enough for both formats.
func rowGen(t *rapid.T) filing.Row {
	r := filing.Row{}
	words := rapid.StringMatching(`[a-zA-Z0-9äß,;"'{}\[\]\\/=+.-]([ a-zA-Z0-9äß,;"\n'{}\\-]{0,12}[a-z0-9"])?`)
	for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(filing.Fields()), 1, 20, func(f filing.Field) string { return f.Name }).Draw(t, "fields") {
		if f.Kind == filing.Documents {
			continue
		}
		value := words
		if f.Kind == filing.Amount {
			value = rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?`)
		}
		r, _ = filing.Edit(r, f.Name, value.Draw(t, f.Name))
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "documents") {
		r, _ = filing.Edit(r, filing.DocumentPath(n+1, "code"), words.Draw(t, "code"))
	}
	r, _ = filing.Edit(r, "id", words.Draw(t, "id"))
	return r
}

// A row is the same in JSON and in CSV, and comes back from both as it went.
func TestRowRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rowGen(rt)
		back, errs := read(t, "a.json", string(r.JSON()))
		if len(errs) > 0 || len(back) != 1 || string(back[0].JSON()) != string(r.JSON()) || back[0].Hash() != r.Hash() {
			rt.Fatalf("%s\n%v", r.JSON(), errs)
		}
		head := filing.Header(3) + "\nplaceholder\n"
		empty := readAll(t, "a.csv", head)[0]
		for _, f := range filing.Fields() {
			if f.Kind != filing.Documents {
				empty, _ = filing.Edit(empty, f.Name, r.Text(f.Name))
			}
		}
		for n := range r.DocumentCount() {
			empty, _ = filing.Edit(empty, filing.DocumentPath(n+1, "code"), r.Text(filing.DocumentPath(n+1, "code")))
		}
		out, err := filing.Rewrite([]byte(head), []filing.Row{empty})
		if err != nil {
			rt.Fatal(err)
		}
		again, errs := read(t, "a.csv", string(out))
		if len(errs) > 0 || len(again) != 1 || again[0].Hash() != r.Hash() {
			rt.Fatalf("%s\n%s\n%v", r.JSON(), out, errs)
		}
	})
}

func FuzzReaders(f *testing.F) {
	f.Add("a.json", `[{"id":"1","premium":1.0,"transaction_documents":[{"code":"A"}]},]`)
	f.Add("a.json", "\ufeff{\"id\":1}\n{\"a\":\"\\u0000\\\"}\"}")
	f.Add("a.csv", twoRows)
	f.Add("a.csv", "id;premium\r\n\"1\";\"2\"\r\n;;\r\n3")
	f.Add("a.csv", "id\tpremium\n1\t\n\n\xff\t2")
	f.Add("x", "id,transaction_documents.999.code\n1,2")
	f.Add("a.csv", "\"id\",\"premium\n\"\n1")
	f.Fuzz(func(t *testing.T, name, content string) {
		rows, errs := read(t, name, content)
		for _, err := range errs {
			if _, ok := errors.AsType[*filing.SyntaxError](err); !ok {
				t.Fatalf("%T %v", err, err)
			}
		}
		for _, r := range rows {
			filing.Check(r)
			if len(r.Hash()) != 64 || r.Where() == "" {
				t.Fatal("no hash")
			}
			if json.Valid(r.JSON()) != json.Valid(append(append([]byte("["), r.JSON()...), ']')) {
				t.Fatal("not one value")
			}
		}
		if len(errs) == 0 {
			if out, err := filing.Rewrite([]byte(content), nil); err != nil || string(out) != content {
				t.Fatalf("%q became %q, %v", content, out, err)
			}
		}
	})
}
