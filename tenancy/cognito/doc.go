// Package cognito verifies the JSON Web Tokens of Amazon Cognito user pools, and of any issuer whose tokens have the
// same shape (cognito-local, the development issuer), and makes a tenancy.Identity of them.
//
// It imports tenancy, httpauth for the error contract, golang-jwt, keyfunc and jwkset.
//
// It promises: RS256 alone; the issuer is compared before any key is looked for; keys come from the issuer's own JWKS
// alone, whatever a token's header says; a JWKS is fetched at most once in ten seconds and goes on serving while its
// server is down; a token without a tenant is no Identity. There is no way to switch a check off.
package cognito
