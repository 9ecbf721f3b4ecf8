{#
    An address without what may name a person: of its parameters only those that say which campaign it was, and no
    fragment. Null stays null.

    Example: known_parameters('landing_page')
#}
{% macro known_parameters(url) -%}
    {%- set known = "(?i)(?:^|&)(utm_(?:source|medium|campaign|content|term|id)=[^&]*)" -%}
    {%- set all = "regexp_extract(" ~ url ~ ", '[?]([^#]*)', 1)" -%}
    {%- set kept = join_list("regexp_extract_all(" ~ all ~ ", '" ~ known ~ "', 1)", '&') -%}
    case
        when {{ url }} like '%?%' or {{ url }} like '%#%'
        then regexp_extract({{ url }}, '^[^?#]*', 0) || coalesce('?' || nullif({{ kept }}, ''), '')
        else {{ url }}
    end
{%- endmacro %}
