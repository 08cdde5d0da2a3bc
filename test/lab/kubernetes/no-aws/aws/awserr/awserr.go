// Package awserr has the type of an error of Amazon's cloud.
package awserr

type Error interface {
	error
	Code() string
}
