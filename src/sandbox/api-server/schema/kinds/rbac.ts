export const rbacMessages = `
Role
1 metadata ObjectMeta | What every object has.
2 rules []PolicyRule! | What is allowed.

ClusterRole
1 metadata ObjectMeta | What every object has.
2 rules []PolicyRule! | What is allowed.
3 aggregationRule AggregationRule?

AggregationRule
1 clusterRoleSelectors []LabelSelector

PolicyRule
1 verbs []string! | What may be done.
2 apiGroups []string | With resources of which groups.
3 resources []string | With which resources.
4 resourceNames []string | With which objects; all where the list is empty.
5 nonResourceURLs []string | With which other paths.

RoleBinding
1 metadata ObjectMeta | What every object has.
2 subjects []Subject | Who is allowed.
3 roleRef RoleRef! | What.

Subject atomic
1 kind string! | User, Group or ServiceAccount.
2 apiGroup string
3 name string! | The name.
4 namespace string | The namespace of a ServiceAccount.

RoleRef atomic
1 apiGroup string!
2 kind string!
3 name string!
`
