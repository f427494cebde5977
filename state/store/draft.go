package store

import (
	"context"
	"encoding/json"
)

// SaveDraft keeps what was typed into the form of an action on a claim, so that nothing typed is ever lost.
func (s *Store) SaveDraft(ctx context.Context, actionID, claimID string, values json.RawMessage) error {
	if values == nil {
		values = json.RawMessage("null")
	}
	return s.write(ctx, "keep a draft", false, func(c *conn) error {
		return c.prepare("INSERT OR REPLACE INTO drafts (action, claim_id, fields) VALUES (?, ?, ?)").
			text(actionID).text(claimID).blob(values).run()
	})
}

// Draft returns what was typed; false when nothing was.
func (s *Store) Draft(ctx context.Context, actionID, claimID string) (values json.RawMessage, found bool, err error) {
	err = s.read(ctx, "read a draft", func(c *conn) error {
		st := c.prepare("SELECT fields FROM drafts WHERE action = ? AND claim_id = ?").text(actionID).text(claimID)
		if st.next() {
			values, found = st.s.ColumnBlob(0, nil), true
		}
		return st.done()
	})
	return values, found, err
}

// DropDraft forgets a draft; it is no error when there is none.
func (s *Store) DropDraft(ctx context.Context, actionID, claimID string) error {
	return s.write(ctx, "drop a draft", false, func(c *conn) error {
		return c.prepare("DELETE FROM drafts WHERE action = ? AND claim_id = ?").text(actionID).text(claimID).run()
	})
}

// Setting returns a small value the program remembers; false when it was never set.
func (s *Store) Setting(ctx context.Context, name string) (value string, found bool, err error) {
	err = s.read(ctx, "read a setting", func(c *conn) error {
		st := c.prepare("SELECT value FROM settings WHERE name = ?").text(name)
		if st.next() {
			value, found = st.s.ColumnText(0), true
		}
		return st.done()
	})
	return value, found, err
}

// SetSetting remembers a small value.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, "keep a setting", false, func(c *conn) error {
		return c.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)").text(name).text(value).run()
	})
}
