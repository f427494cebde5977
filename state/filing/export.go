package filing

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// exported is a result as it is exported.
type exported struct {
	File          string          `json:"file,omitempty"`
	Row           int             `json:"row,omitempty"`
	Line          int             `json:"line,omitempty"`
	ID            string          `json:"id"`
	PolicyNumber  string          `json:"policyNumber,omitempty"`
	Outcome       Outcome         `json:"outcome"`
	Code          string          `json:"code,omitempty"`
	Meaning       string          `json:"meaning,omitempty"`
	Reason        string          `json:"reason,omitempty"`
	Fix           string          `json:"fix,omitempty"`
	BatchID       string          `json:"batchId,omitempty"`
	TransactionID string          `json:"transactionId,omitempty"`
	Attempts      int             `json:"attempts,omitempty"`
	Problems      []Problem       `json:"problems,omitempty"`
	Warnings      []Remark        `json:"warnings,omitempty"`
	Transaction   json.RawMessage `json:"transaction,omitempty"` // to be corrected and submitted again
}

func export(r Result) exported {
	x := exported{
		File: r.Row.File, Row: r.Row.Position.Row, Line: r.Row.Position.Line, ID: r.ID(), PolicyNumber: r.PolicyNumber(),
		Outcome: r.Outcome, Reason: r.Reason(), Fix: r.Fix(), Problems: r.Problems,
	}
	if r.Known {
		x.Code, x.BatchID, x.TransactionID = r.Entry.Code, r.Entry.BatchID, r.Entry.TransactionID
		x.Attempts, x.Warnings = r.Entry.Attempts, r.Entry.Warnings
		if x.Code != "" {
			x.Meaning = Explain(x.Code).Name
		}
	}
	if len(r.Row.members) > 0 && json.Valid(r.Row.JSON()) {
		x.Transaction = r.Row.JSON()
	}
	return x
}

// ExportJSON writes results as one JSON list, one object a line. What is Transaction in it can be submitted again.
func ExportJSON(w io.Writer, results iter.Seq2[Result, error]) error {
	lead := "[\n"
	for r, err := range results {
		if err != nil {
			return err
		}
		line, err := json.Marshal(export(r))
		if err != nil {
			return fmt.Errorf("export %s: %w", r.Row.Where(), err)
		}
		if _, err := fmt.Fprintf(w, "%s%s", lead, line); err != nil {
			return fmt.Errorf("export the results: %w", err)
		}
		lead = ",\n"
	}
	end := "\n]\n"
	if lead == "[\n" {
		end = "[]\n"
	}
	if _, err := io.WriteString(w, end); err != nil {
		return fmt.Errorf("export the results: %w", err)
	}
	return nil
}

// ExportCSV writes results as a table for a spreadsheet. Cells that a spreadsheet would take for a formula get a ' before
// them: they may be anybody's words.
func ExportCSV(w io.Writer, results iter.Seq2[Result, error]) error {
	out := csv.NewWriter(w)
	record := func(cells ...string) error {
		for i, cell := range cells {
			cells[i] = harmless(cell)
		}
		return out.Write(cells)
	}
	err := record("file", "row", "line", "id", "policy_number", "outcome", "code", "meaning", "reason", "fix", "batch_id", "transaction_id")
	for r, readErr := range results {
		if readErr != nil {
			out.Flush()
			return readErr
		}
		if err != nil {
			break
		}
		x := export(r)
		err = record(x.File, digits(x.Row), digits(x.Line), x.ID, x.PolicyNumber, string(x.Outcome), x.Code, x.Meaning, x.Reason, x.Fix, x.BatchID, x.TransactionID)
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("export the results: %w", err)
	}
	return nil
}

func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
