package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/state/filing"
	"claimdeck/state/text"
)

func (p *Program) filingCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check PATH...", Short: "Check transactions against every documented rule; nothing is sent",
		Long: "Prints every problem as FILE:LINE: LEVEL: row, id, field: reason; remedy. Errors hold a row back, warnings do not. " +
			"No account is needed, and nothing is sent. The exit code is 1 when there are errors.\n\n" + aboutFiles,
		Example: "claimdeck filing check filings.csv\nclaimdeck filing check ./filings --json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, done, err := p.filings(args)
			if err != nil {
				return err
			}
			defer done()
			return p.checkFilings(cmd.Context(), files)
		},
	}
}

// checked is what the check of a file found.
type checked struct {
	File     string `json:"file"`
	Rows     int    `json:"rows"`
	Held     int    `json:"rowsWithErrors"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
	Readable bool   `json:"readable"` // to its end
}

// problemView is a problem of a row as --json prints it.
type problemView struct {
	File string `json:"file"`
	filing.Position
	ID string `json:"id,omitempty"`
	filing.Problem
}

// line is the problem as compilers write it.
func (v problemView) line() string {
	var about []string
	if v.Row > 0 {
		about = append(about, fmt.Sprintf("row %d", v.Row))
	}
	for _, s := range []string{v.ID, v.Field} {
		if s != "" {
			about = append(about, s)
		}
	}
	if v.Value != "" && len(about) > 0 {
		about[len(about)-1] += fmt.Sprintf(" %q", v.Value)
	}
	where := v.File
	if v.Line > 0 {
		where = fmt.Sprintf("%s:%d", v.File, v.Line)
	}
	words := strings.TrimPrefix(strings.Join(about, ", ")+": "+v.Reason, ": ")
	if v.Fix != "" {
		words = strings.TrimSuffix(words, ".") + "; " + v.Fix
	}
	return text.Line(fmt.Sprintf("%s: %s: %s", where, v.Level, words))
}

// checker checks the rows of files, one at a time.
type checker struct {
	show  func(problemView) error
	files []checked
}

func (p *Program) checkFilings(ctx context.Context, files *filing.Files) error {
	survey, err := filing.TakeSurvey(ctx, files)
	if err != nil {
		return err
	}
	out := stream{p: p}
	c := checker{show: func(v problemView) error { return p.print(v.line()) }}
	if p.json {
		out.begin("problems")
		c.show = func(v problemView) error { return out.item(v) }
	}
	if err := c.rows(ctx, files, survey); err != nil {
		return err
	}
	if p.json {
		out.end(map[string]any{"files": c.files, "rows": survey.Rows, "errors": c.sum().Errors, "warnings": c.sum().Warnings})
	} else {
		for _, f := range c.files {
			p.narrate("%s", f.line())
		}
	}
	return errors.Join(out.err, c.verdict())
}

// rows checks every row. A file without rows is told of too.
func (c *checker) rows(ctx context.Context, files *filing.Files, survey *filing.Survey) error {
	for _, f := range survey.Files {
		c.files = append(c.files, checked{File: f.Name, Rows: f.Rows, Readable: f.Problem == nil})
	}
	for row, err := range files.Rows(ctx) {
		if broken, ok := errors.AsType[*filing.SyntaxError](err); ok {
			err = c.tell(broken.File, problemView{
				File: broken.File, Position: filing.Position{Line: broken.Line},
				Problem: filing.Problem{Rule: "syntax", Level: filing.Error, Reason: broken.Reason, Fix: broken.Fix},
			})
		} else if err == nil {
			err = c.row(row, survey.Check(row))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) row(row filing.Row, problems []filing.Problem) error {
	if filing.Blocks(problems, false) {
		c.file(row.File).Held++
	}
	for _, problem := range problems {
		v := problemView{File: row.File, Position: row.Position, ID: row.ID(), Problem: problem}
		if err := c.tell(row.File, v); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) tell(file string, v problemView) error {
	f := c.file(file)
	if v.Level == filing.Error {
		f.Errors++
	} else {
		f.Warnings++
	}
	return c.show(v)
}

func (c *checker) file(name string) *checked {
	for i := range c.files {
		if c.files[i].File == name {
			return &c.files[i]
		}
	}
	c.files = append(c.files, checked{File: name})
	return &c.files[len(c.files)-1]
}

func (c *checker) sum() checked {
	var all checked
	for _, f := range c.files {
		all.Rows, all.Held, all.Errors, all.Warnings = all.Rows+f.Rows, all.Held+f.Held, all.Errors+f.Errors, all.Warnings+f.Warnings
	}
	return all
}

func (c *checker) verdict() error {
	all := c.sum()
	if all.Errors == 0 {
		return nil
	}
	return fmt.Errorf("%s in %s: correct them, or send the rows all the same with claimdeck filing submit --send-anyway",
		plural(all.Errors, "error"), plural(len(c.files), "file"))
}

func (f checked) line() string {
	words := fmt.Sprintf("%s: %s, %s, %s", text.Line(f.File), plural(f.Rows, "row"), plural(f.Errors, "error"), plural(f.Warnings, "warning"))
	switch {
	case !f.Readable:
		words += "; it cannot be read to its end, so none of its rows would be sent"
	case f.Rows == 0:
		words += "; there is nothing to file in it"
	case f.Held > 0:
		words += fmt.Sprintf("; %d of its rows would be held back", f.Held)
	}
	return words
}

// stream writes a JSON document with a list whose items are never held together.
type stream struct {
	p     *Program
	count int
	err   error // the first; nothing is written after it
}

func (s *stream) write(text string) {
	if s.err == nil {
		_, s.err = fmt.Fprint(s.p.Stdout, text)
	}
}

// begin begins the document with the name of the list.
func (s *stream) begin(list string) { s.write(fmt.Sprintf("{\n%q: [", list)) }

// item adds to the list.
func (s *stream) item(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	lead := ",\n"
	if s.count++; s.count == 1 {
		lead = "\n"
	}
	s.write(lead + string(data))
	return s.err
}

// end ends the list, and the document with further members.
func (s *stream) end(members map[string]any) {
	data, err := json.Marshal(members)
	s.err = errors.Join(s.err, err)
	s.write("\n]," + strings.TrimPrefix(string(data), "{") + "\n")
}
