package inscipher

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
)

// batch is a batch that was queued.
type batch struct {
	rows  []outcome
	polls int // so far
}

// postTransactions answers the import (remote document: transaction import).
func (s *Server) postTransactions(_ *http.Request, body []byte, b Behaviour) reply {
	rows, refused := parseBatch(body, b)
	if refused != nil {
		return *refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	outcomes := make([]outcome, len(rows))
	for n := range rows {
		outcomes[n] = s.judge(&rows[n], n, b)
	}
	id := s.batchID()
	if !b.Async {
		return ok(object{"batch_id": id, "transactions": s.rows(id, outcomes, b, false)})
	}
	s.batches[id] = &batch{rows: outcomes}
	s.order = append(s.order, id)
	if len(s.order) > s.keep {
		delete(s.batches, s.order[0])
		s.order = s.order[1:]
	}
	return queued(id, b.QueuedForm)
}

// parseBatch reads the rows. What the service does with a body that is no list of transactions with ids is not
// documented: here it refuses the whole.
func parseBatch(body []byte, b Behaviour) ([]transaction, *reply) {
	refuse := func(status int, message string) ([]transaction, *reply) {
		p := failure(status, message)
		return nil, &p
	}
	if !json.Valid(body) {
		return refuse(http.StatusBadRequest, "Invalid JSON")
	}
	var rows []transaction
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) || json.Unmarshal(body, &rows) != nil {
		return refuse(http.StatusBadRequest, "A list of transactions was expected")
	}
	switch {
	case len(rows) == 0:
		return refuse(http.StatusBadRequest, "No transactions")
	case b.MaxRows > 0 && len(rows) > b.MaxRows:
		return refuse(http.StatusRequestEntityTooLarge, "At most "+strconv.Itoa(b.MaxRows)+" transactions are allowed in a batch")
	}
	for i := range rows {
		if rows[i].ID == "" {
			return refuse(http.StatusBadRequest, "Transaction "+strconv.Itoa(i+1)+" has no id")
		}
	}
	return rows, nil
}

// batchID is a hash, as the service's ids look; s.mu is held.
func (s *Server) batchID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], s.options.Seed)
	binary.BigEndian.PutUint64(b[8:], uint64(s.number)) //nolint:gosec // a count is not negative
	sum := sha256.Sum256(b[:])
	return hex.EncodeToString(sum[:16])
}

func queued(id string, form QueuedForm) reply {
	switch form {
	case QueuedValid:
		return ok(object{"batch_id": id, "status": "Valid and queued"})
	case QueuedMessage:
		return ok(object{"batch_id": id, "message": "Batch is valid and queued for processing."})
	case QueuedAccepted:
		p := ok(object{"batchId": id})
		p.Status = http.StatusAccepted
		return p
	case QueuedEmptyList:
		return ok(object{"batch_id": id, "status": "pending", "transactions": []any{}})
	case QueuedSuccess:
		return ok(object{"success": true, "status": 0, "batch_id": id, "status_message": "Queued"})
	default:
		return ok(object{"batch_id": id, "status": "queued"})
	}
}

// getResults answers GET /api/v4/transaction-import-results.json?batch_id= (public page: Batch Import Status).
func (s *Server) getResults(r *http.Request, _ []byte, b Behaviour) reply {
	id := r.URL.Query().Get("batch_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.batches[id]
	switch {
	case found == nil && b.UnknownBatch == http.StatusOK:
		return ok(object{"status": "error", "message": "Batch not found"})
	case found == nil && b.UnknownBatch != 0:
		return failure(b.UnknownBatch, "Batch not found")
	case found == nil:
		return failure(http.StatusNotFound, "Batch not found")
	case found.polls < b.Polls:
		found.polls++
		return ok(object{"batch_id": id, "status": "queued"})
	case b.BatchFails:
		return ok(object{"batch_id": id, "status": "failed"})
	}
	return ok(object{"batch_id": id, "status": "processed", "transactions": s.rows(id, found.rows, b, true)})
}
