{#
    The host of an address, in lower case and without www: of whom a page is. Null stays null.

    Example: host_of('referrer')
#}
{% macro host_of(url) -%}
    regexp_extract(lower({{ url }}), '^(?:[a-z-]+://)?(?:www[.])?([^/?#:]*)', 1)
{%- endmacro %}
