export const reviewMessages = `
SelfSubjectAccessReview
1 metadata ObjectMeta
2 spec SelfSubjectAccessReviewSpec!
3 status Anything

SelfSubjectAccessReviewSpec
1 resourceAttributes ResourceAttributes?
2 nonResourceAttributes NonResourceAttributes?

ResourceAttributes
1 namespace string
2 verb string
3 group string
4 version string
5 resource string
6 subresource string
7 name string
8 fieldSelector Anything?
9 labelSelector Anything?

NonResourceAttributes
1 path string
2 verb string

SelfSubjectRulesReview
1 metadata ObjectMeta
2 spec SelfSubjectRulesReviewSpec!
3 status Anything

SelfSubjectRulesReviewSpec
1 namespace string

SelfSubjectReview
1 metadata ObjectMeta
2 status Anything

TokenReview
1 metadata ObjectMeta
2 spec TokenReviewSpec!
3 status Anything

TokenReviewSpec
1 token string
2 audiences []string

TokenRequest
1 metadata ObjectMeta
2 spec TokenRequestSpec!
3 status Anything

TokenRequestSpec
1 audiences []string!
4 expirationSeconds int64?
3 boundObjectRef BoundObjectReference?

BoundObjectReference
1 kind string
2 apiVersion string
3 name string
4 uid string go=UID

SubjectAccessReview
1 metadata ObjectMeta
2 spec SubjectAccessReviewSpec!
3 status Anything

SubjectAccessReviewSpec
1 resourceAttributes ResourceAttributes?
2 nonResourceAttributes NonResourceAttributes?
3 user string
4 groups []string
5 extra map Anything
6 uid string
`
