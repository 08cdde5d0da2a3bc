// Package aws stands in for Amazon's SDK, of which kube-router uses one call, on Amazon's cloud only: compiling the SDK
// takes several minutes. The packages have what kube-router 2.1 needs to be compiled, and each call fails.
package aws

import "errors"

// ErrAbsent is what every call returns.
var ErrAbsent = errors.New("this kube-router was built without Amazon's SDK")

type Config struct{ Region *string }

func NewConfig() *Config { return &Config{} }

func (config *Config) WithMaxRetries(int) *Config { return config }

func String(value string) *string { return &value }

func Bool(value bool) *bool { return &value }
