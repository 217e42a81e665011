"""Where the desks of records are, for templates that show records of any kind."""

from django import template

from positions.waiting.addresses import change_page

register = template.Library()
register.filter("desk_page", change_page)
