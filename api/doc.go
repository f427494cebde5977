// Package api is the one transport of every remote system: authorization, limits, retries of reads, redaction, and
// errors that say what to do next.
//
// Its promises, which the packages of the remote systems build on:
//
//   - A write is sent at most once. The only second try is after a 401, which proves that nothing was processed.
//     Writes go over a connection of their own, so that neither net/http nor a proxy's closed idle connection can
//     repeat one or leave its outcome needlessly in doubt.
//   - The bearer token goes to the scheme, host and port of the base URL and to nowhere else, redirects included. It
//     is in no URL, log, error or preview, unless Options.Authorize puts it into the URL, and even if the service
//     repeats it; the same holds for Request.Secrets, however they are spelled.
//   - Every failure is an *Error that knows whether the service surely did not do it (NotSent, Refused) or whether
//     nobody knows (Uncertain).
//   - Remote words are safe to print, answers have a size limit, and every call ends when its context does.
package api
