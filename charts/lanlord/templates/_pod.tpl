{{- define "lanlord.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What the pods of both components have in common. Neither needs DNS: the API server is found by its address. */}}
{{- define "lanlord.podBasics" -}}
{{- $component := index .root.Values .component -}}
serviceAccountName: lanlord-{{ .component }}
automountServiceAccountToken: true
enableServiceLinks: false
dnsPolicy: Default
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $component.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $component.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
