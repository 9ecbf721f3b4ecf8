{#
    A name by its letters and digits alone, in lower case: so that two spellings of one name are the same.

    Example: letters_of('campaigns.campaign_name')
#}
{% macro letters_of(name) -%}
    translate(lower({{ name }}), ' -_|#&.,:;/+()[]', '')
{%- endmacro %}
