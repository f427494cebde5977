package filing_test

import (
	"slices"
	"strings"
	"testing"

	"claimdeck/state/filing"
)

// ruleCase breaks one rule by edits of the document's sample, or by a member put before its others as it stands.
type ruleCase struct {
	rule, field string
	edits       []string
	raw         string
	proposal    string
	override    bool
}

func ruleCases() []ruleCase {
	long := func(n int) string { return strings.Repeat("ä", n) }
	return []ruleCase{
		{rule: "id", field: "id", edits: []string{"id", ""}},
		{rule: "id", field: "id", edits: []string{"id", ""}, raw: `"id": " "`},
		{rule: "utf8", field: "mailing_city", edits: []string{"mailing_city", "Espa\xf1ola"}},
		{rule: "twice", field: "premium", raw: `"premium": 1.00`, override: true},
		{rule: "required", field: "policy_number", edits: []string{"policy_number", ""}, override: true},
		{rule: "required", field: "premium", edits: []string{"premium", ""}, override: true},
		{rule: "required", field: "total", edits: []string{"total", ""}, override: true},
		{rule: "required", field: "transaction_type", edits: []string{"transaction_type", ""}, override: true},
		{rule: "required", field: "mailing_state_code", edits: []string{"mailing_state_code", ""}, override: true},
		{rule: "required", field: "policy_number", edits: []string{"policy_number", ""}, raw: `"policy_number": null`, override: true},
		{rule: "type", field: "premium", edits: []string{"premium", ""}, raw: `"premium": true`, override: true},
		{rule: "type", field: "policy_number", edits: []string{"policy_number", ""}, raw: `"policy_number": {}`, override: true},
		{rule: "type", field: "transaction_documents", edits: []string{"transaction_documents.1.code", "", "transaction_documents.1.url", "", "transaction_documents.1.id", "", "transaction_documents.1.code", "", "transaction_documents.1.url", "", "transaction_documents.1.id", ""}, raw: `"transaction_documents": "POLIC"`, override: true},
		{rule: "length", field: "id", edits: []string{"id", long(256)}, override: true},
		{rule: "length", field: "policy_number", edits: []string{"policy_number", long(51)}, override: true},
		{rule: "length", field: "purchasing_group_name", edits: []string{"purchasing_group_name", long(256)}, override: true, proposal: long(255)},
		{rule: "length", field: "risk_description", edits: []string{"risk_description", long(256)}, override: true, proposal: long(255)},
		{rule: "length", field: "non_admitted_insured_name", edits: []string{"non_admitted_insured_name", long(256)}, override: true, proposal: long(255)},
		{rule: "length", field: "mailing_insured_name", edits: []string{"mailing_insured_name", long(101)}, override: true, proposal: long(100)},
		{rule: "length", field: "mailing_address", edits: []string{"mailing_address", long(256)}, override: true, proposal: long(255)},
		{rule: "length", field: "physical_address2", edits: []string{"physical_address2", long(256)}, override: true, proposal: long(255)},
		{rule: "length", field: "mailing_city", edits: []string{"mailing_city", long(101)}, override: true, proposal: long(100)},
		{rule: "length", field: "physical_zip_code", edits: []string{"physical_zip_code", long(21)}, override: true, proposal: long(20)},
		{rule: "date", field: "invoice_date", edits: []string{"invoice_date", "2017-02-29"}, override: true},
		{rule: "date", field: "policy_effective_date", edits: []string{"policy_effective_date", "2/1/2017"}, override: true, proposal: "2017-02-01"},
		{rule: "date", field: "transaction_effective_date", edits: []string{"transaction_effective_date", "2017-2-1"}, override: true, proposal: "2017-02-01"},
		{rule: "amount", field: "premium", edits: []string{"premium", "$3,900.00"}, override: true, proposal: "3900.00"},
		{rule: "amount", field: "sl_tax", edits: []string{"sl_tax", "117.005"}, override: true},
		{rule: "amount", field: "total", edits: []string{"total", "10000000000"}, override: true},
		{rule: "amount", field: "agency_fee", edits: []string{"agency_fee", "-10000000000.00"}, override: true},
		{rule: "amount", field: "agency_fee", edits: []string{"agency_fee", "1e999999999"}, override: true},
		{rule: "flag", field: "rpg", edits: []string{"rpg", "2"}, override: true},
		{rule: "flag", field: "ecp", edits: []string{"ecp", "yes"}, override: true, proposal: "1"},
		{rule: "flag", field: "exempt", edits: []string{"exempt", ""}, raw: `"exempt": false`, override: true, proposal: "0"},
		{rule: "code", field: "transaction_type", edits: []string{"transaction_type", "pn"}, override: true, proposal: "PN"},
		{rule: "code", field: "account_written_as", edits: []string{"account_written_as", "Brokerage"}, override: true, proposal: "B"},
		{rule: "code", field: "transaction_line_of_business", edits: []string{"transaction_line_of_business", "1023"}, override: true},
		{rule: "state", field: "mailing_state_code", edits: []string{"mailing_state_code", "California"}, override: true, proposal: "CA"},
		{rule: "state", field: "physical_state_code", edits: []string{"physical_state_code", "C1"}, override: true},
		{rule: "document", field: "transaction_documents.1.url", edits: []string{"transaction_documents.1.url", ""}, override: true},
		{rule: "document", field: "transaction_documents.2.url", edits: []string{"transaction_documents.2.url", "files/policy.pdf"}, override: true},
		{rule: "document", field: "transaction_documents.2.url", edits: []string{"transaction_documents.2.url", "file:///etc/policy.pdf"}, override: true},
		{rule: "document", field: "transaction_documents.1.code", edits: []string{"transaction_documents.1.code", ""}, override: true},
		{rule: "commission", field: "commission_received", edits: []string{"mailing_state_code", "NH", "commission_received", ""}, override: true},
		{rule: "utah", field: "exempt", edits: []string{"mailing_state_code", "UT", "exempt", ""}, override: true},
		{rule: "utah", field: "export_list", edits: []string{"mailing_state_code", "UT", "export_list", ""}, override: true},
		{rule: "utah", field: "multi_state", edits: []string{"physical_same_as_mailing", "0", "physical_state_code", "UT", "multi_state", ""}, override: true},
		{rule: "expected", field: "invoice_date", edits: []string{"invoice_date", ""}, override: true},
		{rule: "expected", field: "rpg", edits: []string{"rpg", ""}, override: true},
		{rule: "number", field: "premium", edits: []string{"premium", ""}, raw: `"premium": "3900.00"`, override: true, proposal: "3900.00"},
		{rule: "number", field: "transaction_line_of_business", edits: []string{"transaction_line_of_business", ""}, raw: `"transaction_line_of_business": 1001`, override: true, proposal: "1001"},
		{rule: "space", field: "policy_number", edits: []string{"policy_number", ""}, raw: `"policy_number": "CA "`, override: true, proposal: "CA"},
		{rule: "unknown", field: "premuim", raw: `"premuim": 1`, override: true},
		{rule: "newer", field: "transaction_type", edits: []string{"transaction_type", "ZPE"}, override: true},
		{rule: "newer", field: "transaction_line_of_business", edits: []string{"transaction_line_of_business", "GEN-1001"}, override: true},
		{rule: "place", field: "mailing_state_code", edits: []string{"mailing_state_code", "ZZ"}, override: true},
		{rule: "place", field: "physical_state_code", edits: []string{"physical_state_code", "ca"}, override: true, proposal: "CA"},
		{rule: "rounded", field: "id", edits: []string{"id", "2.01703E+11"}, override: true},
		{rule: "total", field: "total", edits: []string{"total", "4224.81"}, override: true, proposal: "4224.80"},
		{rule: "total", field: "total", edits: []string{"municipal_fee", "0.01"}, override: true, proposal: "4224.81"},
		{rule: "total", field: "total", edits: []string{"stamping_fee", ""}, override: true, proposal: "4217.00"},
		{rule: "group", field: "purchasing_group_name", edits: []string{"rpg", "1", "purchasing_group_name", ""}, override: true},
		{rule: "group", field: "risk_description", edits: []string{"rpg", "1", "risk_description", ""}, override: true},
		{rule: "fee", field: "agency_fee", edits: []string{"mailing_state_code", "NH", "commission_received", "1"}, override: true, proposal: "0.00"},
		{rule: "only", field: "sl_service_charge", edits: []string{"sl_service_charge", "1.00", "total", "4225.80"}, override: true, proposal: "0.00"},
		{rule: "only", field: "municipal_fee", edits: []string{"municipal_fee", "1.00", "mailing_state_code", "OR"}, override: true, proposal: "0.00"},
		{rule: "only", field: "fm_tax", edits: []string{"fm_tax", "1.00", "mailing_state_code", "KY"}, override: true, proposal: "0.00"},
		{rule: "physical", field: "physical_city", edits: []string{"physical_same_as_mailing", "0"}, override: true},
		{rule: "document-id", field: "transaction_documents.2.id", edits: []string{"transaction_documents.2.id", "1000001"}, override: true},
	}
}

func (c ruleCase) row(t *testing.T) filing.Row {
	t.Helper()
	r := edit(t, good(t), c.edits...)
	if c.raw == "" {
		return r
	}
	return readAll(t, "a.json", "{"+c.raw+","+string(r.JSON())[1:])[0]
}

func TestRules(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{"cells": true} // of CSV: below
	for _, c := range ruleCases() {
		tried[c.rule] = true
		problems := filing.Check(c.row(t))
		i := slices.IndexFunc(problems, func(p filing.Problem) bool { return p.Rule == c.rule && p.Field == c.field })
		if i < 0 {
			t.Errorf("%s of %s was not found: %+v", c.rule, c.field, problems)
			continue
		}
		if p := problems[i]; p.Override != c.override || p.Proposal != c.proposal || p.Reason == "" || p.Fix == "" {
			t.Errorf("%+v", p)
		}
	}
	for _, r := range filing.Rules() {
		if !tried[r.ID] || r.Help == "" {
			t.Errorf("the rule %s is not tried, or not explained", r.ID)
		}
	}
}

// What a rule proposes ends the problem.
func TestProposalsHelp(t *testing.T) {
	t.Parallel()
	for _, c := range ruleCases() {
		if c.proposal == "" {
			continue
		}
		r := edit(t, c.row(t), c.field, c.proposal)
		for _, p := range filing.Check(r) {
			if p.Rule == c.rule && p.Field == c.field {
				t.Errorf("%s of %s is there after its proposal: %+v", c.rule, c.field, p)
			}
		}
	}
}

func TestWhatIsNoProblem(t *testing.T) {
	t.Parallel()
	for _, edits := range [][]string{
		{"mailing_state_code", "NH", "commission_received", "1", "agency_fee", "0.00", "total", "4024.80"},
		{"commission_received", "1"}, // the rule is New Hampshire's
		{"mailing_state_code", "OR", "sl_service_charge", "1.00", "total", "4225.80"},
		{"mailing_state_code", "KY", "municipal_fee", "1.00", "total", "4225.80"},
		{"mailing_state_code", "IL", "fm_tax", "1", "total", "4225.8"},
		{"mailing_state_code", "UT"},
		{"exempt", "", "export_list", "", "multi_state", ""},
		{"transaction_type", "RPE", "premium", "-3900.00", "total", "-3575.20"},
		{"premium", "9999999999.99", "total", "10000000324.79", "agency_fee", "-324.80", "total", "9999999799.99"},
		{"rpg", "1"},
		{"policy_number", strings.Repeat("ä", 50)},
		{"invoice_date", "2016-02-29"},
		{"transaction_documents.1.code", "POLIC", "transaction_documents.2.code", "POLIC"},
		{"physical_same_as_mailing", "0", "physical_address", "1 A St", "physical_city", "B", "physical_zip_code", "1", "physical_state_code", "CA"},
	} {
		if problems := filing.Check(edit(t, good(t), edits...)); problems != nil {
			t.Errorf("%v: %+v", edits, problems)
		}
	}
}

func TestCellsBeyondTheColumns(t *testing.T) {
	t.Parallel()
	problems := filing.Check(readAll(t, "a.csv", "id,mailing_city\n1,San Jose, CA\n")[0])
	if problems[0].Rule != "cells" || problems[0].Value != "CA" || !problems[0].Blocks(false) || problems[0].Blocks(true) {
		t.Errorf("%+v", problems[0])
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	if filing.Blocks(filing.Check(edit(t, good(t), "total", "1")), false) {
		t.Error("a wrong total holds a row back: the service only warns of it")
	}
	if !filing.Blocks(filing.Check(edit(t, good(t), "id", "")), true) {
		t.Error("a row without an id is sent")
	}
	if r := edit(t, good(t), "transaction_type", "X"); !filing.Blocks(filing.Check(r), false) || filing.Blocks(filing.Check(r), true) {
		t.Error("an unknown code does not wait for a person")
	}
	hostile := filing.Check(edit(t, good(t), "transaction_type", "\x1b[31mPN"+strings.Repeat("x", 999)))
	if v := hostile[0].Value; strings.Contains(v, "\x1b") || len(v) > 100 {
		t.Errorf("shown as it is: %q", v)
	}
}

func TestFieldTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range append(filing.Fields(), filing.DocumentFields()...) {
		if f.Name == "" || f.Title == "" || f.Help == "" || f.Section == "" {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
	}
	for _, m := range good(t).Members() {
		if !seen[m.Name] {
			t.Errorf("the document's field %s is not in the table", m.Name)
		}
	}
	if n := len(filing.Fields()); n != 39 {
		t.Errorf("%d fields; the document has 39", n)
	}
	if f, ok := filing.FieldOf("transaction_documents.2.url"); !ok || f.Name != "url" {
		t.Errorf("%+v", f)
	}
	if _, ok := filing.FieldOf("nothing"); ok {
		t.Error("a field that nobody knows")
	}
	if len(filing.USStates()) != 56 || len(filing.LinesOfBusiness()) != 22 {
		t.Error("a table is not complete")
	}
	if m := filing.Explain("1001"); m.Field != "transaction_documents" || m.Fix == "" {
		t.Errorf("%+v", m)
	}
	if m := filing.Explain("4711"); m.Code != "4711" || m.Fix == "" {
		t.Errorf("%+v", m)
	}
}
