{#
    The texts of a list as one text; none of them gives an empty one.

    Example: join_list("array('a', 'b')", '&')
#}
{% macro join_list(list, separator) -%}
    {{ return(adapter.dispatch('join_list')(list, separator)) }}
{%- endmacro %}

{% macro default__join_list(list, separator) -%}
    array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__join_list(list, separator) -%}
    array_join({{ list }}, '{{ separator }}')
{%- endmacro %}
