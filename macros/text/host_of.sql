{#
    The host of an address, in lower case and without www: whose page it is. Null where there is none.

    Example: host_of('referrer')
#}
{% macro host_of(url) -%}
    nullif(regexp_extract(lower({{ url }}), '^(?:[a-z-]+://)?(?:www[.])?([^/?#:]*)', 1), '')
{%- endmacro %}
